import type rclnodejs from "rclnodejs";
import type { AgentPort, AgentStatus, Outcome } from "../../../agent/AgentPort.js";
import { monotonic, type SharedClock } from "../../../core/time/SharedClock.js";
import { told } from "../../../runtime/LatchedStop.js";
import type { LatchFile } from "../../../runtime/LatchFile.js";
import type { ManagedNode, TransitionName } from "../ManagedNode.js";
import type { AgentNodeOptions } from "./AgentNodeOptions.js";
import type { AgentParameters } from "./agentParameters.js";
import type { AgentTime } from "./AgentTime.js";
import { ConfiguredAgent, type StartedAgent } from "./ConfiguredAgent.js";
import type { FirstTask } from "./FirstTask.js";
import { NoDescriptionError, type SetupLoader } from "./SetupLoader.js";
import { sleep } from "./sleep.js";

const { SUCCESS, FAILURE } = { SUCCESS: 97, FAILURE: 98 } as unknown as Record<
  string,
  rclnodejs.lifecycle.CallbackReturnCode
>; // lifecycle_msgs/Transition
const REST_WITHIN = 2; // s
const AWAKE_WITHIN = 10; // s, for a goal that came before the node was ready
const ACTIVE_WITHIN = 1; // s
const CLOCK_WITHIN = 1; // s, to find out whether /clock is the arm's

/** Parts of the node before it is configured. */
interface Shell {
  readonly node: ManagedNode;
  readonly clock: SharedClock;
  readonly parameters: () => AgentParameters;
  readonly options: AgentNodeOptions;
  readonly latch: LatchFile; // the same one over all configurations: cleanup is no reset
  readonly loader: SetupLoader;
  readonly time: AgentTime;
  readonly firstTask: FirstTask;
  readonly stopping: AbortSignal;
}

/**
 * What the node's transitions do.
 *
 *   configure   reads the parameters, loads and starts the agent (before the transition runs: its callbacks cannot
 *               wait), opens the topics
 *   activate    waits until it can plan, lets it move; answered once the guardrails are active and joint states come,
 *               or after 1 s
 *   deactivate  brakes; answered once the arm is at rest
 *   cleanup     ends the agent's threads and topics
 */
export class AgentLifecycle {
  agent: ConfiguredAgent | undefined;
  rising = false; // starting up by itself
  private started: StartedAgent | undefined; // its topics are not open yet
  private disposal: Promise<void> = Promise.resolve();
  private awaiting = false; // a robot description did not come in time
  private unfit = ""; // why it could not be configured; "" if it could, or still may if it waits

  constructor(private readonly shell: Shell) {
    const { node, loader } = shell;
    node.interrupt = () => loader.interrupt();
    node.prepare = (transition) => this.prepare(transition);
    node.conclude = (transition) => this.conclude(transition);
    node.registerOnConfigure(() => this.configure());
    node.registerOnActivate(() => (this.agent?.inputs.joints.renew(), this.report(this.agent?.port.activate())));
    node.registerOnDeactivate(() => this.report(this.agent?.port.deactivate()));
    node.registerOnCleanup(() => this.release());
    node.registerOnShutdown(() => this.release());
    node.registerOnError(() => this.release());
  }

  /** Configures and activates, however late the arm starts. @throws Error if waiting does not help */
  async rise(): Promise<void> {
    const { node } = this.shell;
    this.awaiting = this.rising = true;
    try {
      // an arm may start long after us
      while (this.awaiting && node.state === "unconfigured") await node.change("configure");
      if (this.unfit !== "" && node.state === "unconfigured") throw new Error(this.unfit);
      if (!node.closed && node.state === "inactive") await node.change("activate");
    } finally {
      this.rising = false;
    }
  }

  /**
   * The agent for a goal that has come. A goal waits a while if it comes while the node starts, or before the first
   * joint states or a guard's first report.
   */
  async awake(): Promise<AgentPort | undefined> {
    const { node, stopping } = this.shell,
      limit = monotonic() + AWAKE_WITHIN;
    const ready = (): boolean => {
      const status = this.agent?.status;
      return (
        !this.rising &&
        (node.state !== "active" || (status !== undefined && status.mode !== "inactive" && heardAll(status)))
      );
    };
    while (!ready() && !stopping.aborted && monotonic() < limit) await sleep(20);
    return this.agent?.port;
  }

  /** Takes the time from /clock if the arm is stamped by it and no task is under way. @param within s, to find out */
  adoptTime(within: number): Promise<void> {
    const { setup } = this.started ?? this.agent ?? {};
    return this.shell.time.adopt(within, setup?.arm.jointNames, () => Boolean(this.agent?.status?.task));
  }

  /** Brakes to rest and ends the agent. */
  async end(): Promise<void> {
    if (this.shell.node.state === "active") await this.shell.node.change("deactivate");
    this.release();
    await this.disposal;
  }

  private async prepare(transition: TransitionName): Promise<void> {
    if (transition === "activate") return this.agent?.port.ready().catch(() => undefined); // activation reports why not
    if (transition !== "configure") return;
    const { node, clock, parameters, options, latch, loader, stopping } = this.shell;
    await this.disposal;
    if (!stopping.aborted) loader.renew();
    this.awaiting = false;
    this.unfit = "";
    try {
      const { guard } = parameters(),
        setup = await loader.load();
      if (setup === undefined) return;
      this.started = { setup, port: await options.start(setup, { clock, node, guard, latch }) };
      await this.adoptTime(CLOCK_WITHIN);
    } catch (error) {
      if (stopping.aborted) return;
      this.awaiting = error instanceof NoDescriptionError;
      this.unfit = this.awaiting ? "" : (error as Error).message;
      node.getLogger().error(`cannot configure: ${(error as Error).message}`);
    }
  }

  /**
   * Waits until the agent has reached the mode of a transition; its threads get it a moment later. After `activate` it
   * also waits for the first joint states, which take time over a network just joined: a client that sees us active may
   * send a goal at once.
   */
  private async conclude(transition: TransitionName): Promise<void> {
    const { node, options } = this.shell;
    const arrived = (s: AgentStatus | undefined): boolean => {
      if (transition === "activate") return s?.mode === "latched" || (s?.mode === "active" && heardAll(s));
      return s?.mode !== "active" && s?.mode !== "stopping";
    };
    if (transition === "activate" || transition === "deactivate") {
      const limit = monotonic() + (transition === "activate" ? ACTIVE_WITHIN : REST_WITHIN);
      while (this.agent !== undefined && !arrived(this.agent.status) && monotonic() < limit) await sleep(10);
    }
    node.getLogger().info(node.state);
    options.onEvent?.({ event: "state", state: node.state });
  }

  private configure(): rclnodejs.lifecycle.CallbackReturnCode {
    const { started } = this,
      { node, clock, parameters, options, latch, time, firstTask } = this.shell;
    if (started === undefined) return FAILURE;
    this.started = undefined;
    const chosen = parameters();
    if (chosen.guard !== "apart" && latch.latch !== undefined)
      node.getLogger().warn(`${told(latch.latch)}: make the situation safe, then call ~/reset`);
    this.agent = new ConfiguredAgent(node, started, clock, time, chosen, options);
    firstTask.follow(started.port);
    return SUCCESS;
  }

  private release(): rclnodejs.lifecycle.CallbackReturnCode {
    const { agent } = this;
    this.agent = undefined;
    if (agent !== undefined) this.disposal = agent.destroy();
    return SUCCESS;
  }

  private report(outcome: Outcome | undefined): rclnodejs.lifecycle.CallbackReturnCode {
    if (outcome?.ok) return SUCCESS;
    this.shell.node.getLogger().error(outcome?.message ?? "there is no agent");
    return FAILURE;
  }
}

/** Whether every input without which nothing moves has come at least once. */
const heardAll = ({ needs, inputs }: AgentStatus): boolean =>
  Object.keys(needs).every((input) => Number.isFinite(inputs[input] ?? Infinity));
