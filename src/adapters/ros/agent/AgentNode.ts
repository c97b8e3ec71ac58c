import rclnodejs from "rclnodejs";
import type { AgentPort, AgentStatus, Outcome, TaskResult } from "../../../agent/AgentPort.js";
import type { AgentSetup, SetupChoice } from "../../../agent/setup/AgentSetup.js";
import { told } from "../../../runtime/LatchedStop.js";
import { LatchFile } from "../../../runtime/LatchFile.js";
import { torqueNotice } from "../../../agent/robot/torqueNotice.js";
import { coverNotices } from "../../../agent/robot/coverNotices.js";
import { loadRobotConfig, loadSceneConfig } from "../../../config/index.js";
import { monotonic, SharedClock } from "../../../core/time/SharedClock.js";
import { AccomplishServer } from "./AccomplishServer.js";
import { agentDiagnostics } from "./agentDiagnostics.js";
import { AgentInputs } from "./AgentInputs.js";
import { AgentOutputs } from "./AgentOutputs.js";
import {
  agentParameters,
  wantsSimTime,
  type AgentParameters,
  type GuardPlace,
  type NodeName,
} from "./agentParameters.js";
import { withTaskFolder } from "../../../agent/setup/taskFolders.js";
import { awaitDescription } from "./awaitDescription.js";
import { encodeDiagnosticArray } from "../cdr/DiagnosticArray.js";
import { fromSeconds } from "../cdr/Stamp.js";
import { Frames } from "./Frames.js";
import { Lately } from "./Lately.js";
import { latchPath } from "../guard/latchPath.js";
import { LoopDelay } from "./LoopDelay.js";
import { ManagedNode, type TransitionName } from "../ManagedNode.js";
import { qualities } from "../qualities.js";
import { Rates } from "./Rates.js";
import type { Recorder } from "../client/Recorder.js";
import { requireControlMsgs } from "../requireControlMsgs.js";
import type { RosArguments } from "../rosArguments.js";
import { Silences } from "./Silences.js";
import { SimClock } from "../SimClock.js";
import { SimTimeEvidence } from "./SimTimeEvidence.js";
import { sourceJoints } from "./sourceJoints.js";
import { SystemClock } from "../SystemClock.js";

/** What happens to the node, for whoever started it. */
export type AgentEvent =
  | { readonly event: "state"; readonly state: string }
  | { readonly event: "task"; readonly task: string; readonly result: TaskResult };

export interface AgentNodeOptions {
  readonly name?: NodeName; // default: telos
  readonly ros: RosArguments;
  readonly defaults: Partial<AgentParameters>; // of parameters that --ros-args do not name
  readonly load: (choice: SetupChoice) => AgentSetup;
  readonly start: (
    setup: AgentSetup,
    o: { clock: SharedClock; node: ManagedNode; guard: GuardPlace; latch: LatchFile },
  ) => Promise<AgentPort>;
  // topics beside those of every agent
  readonly open?: (node: ManagedNode, port: AgentPort, clock: SharedClock) => { destroy(): void };
  readonly onEvent?: (event: AgentEvent) => void;
  // it was to bring itself up and cannot: what is wrong will not heal by waiting
  readonly onFailure?: (why: string) => void;
  readonly recorder?: Recorder; // is told every message in and out
}

const { SUCCESS, FAILURE } = { SUCCESS: 97, FAILURE: 98 } as unknown as Record<
  string,
  rclnodejs.lifecycle.CallbackReturnCode
>; // lifecycle_msgs/Transition
const REST_WITHIN = 2; // s
const AWAKE_WITHIN = 10; // s, for a goal that came before us
const ACTIVE_WITHIN = 1; // s
const SETTLED_WITHIN = 200; // ms
const WARN_EVERY = 5; // s
const CLOCK_WITHIN = 1; // s, to hear whose /clock it is
const STARTING = 10; // s from its beginning that a node may take to come up
const LATELY = 10; // s for which diagnostics tell of a message that could not be taken
const NONE = new Silences();

/** A configured agent and its topics; gone when the node is cleaned up. */
interface Configured {
  readonly setup: AgentSetup;
  readonly port: AgentPort;
  readonly inputs: AgentInputs;
  readonly outputs: AgentOutputs;
  readonly others: { destroy(): void } | undefined;
}

/**
 * The ROS 2 node `telos`, or the guard apart from it, `telos_guard`: an agent behind `AgentPort` as a lifecycle node
 * (the outside contract lists its topics). It only translates.
 *
 *   configure   reads the parameters, loads and starts the agent (before the transition runs: its callbacks cannot
 *               wait), opens the topics
 *   activate    waits until it can plan, lets it move; answered once the guardrails are active and joint states come,
 *               or after 1 s
 *   deactivate  brakes; answered once the arm is at rest
 *   cleanup     ends the agent's threads and topics
 */
export class AgentNode {
  private readonly parameters: () => AgentParameters;
  private readonly startTask: string; // as the node was started with, not as a client may have set it since
  private simClock: SimClock | undefined;
  private systemClock: SystemClock | undefined;
  private evidence: SimTimeEvidence | undefined; // while it is open whose /clock that is
  private foreignTime = false; // somebody's /clock that is not this arm's was told of
  private rising = false; // bringing itself up
  private readonly accomplish: AccomplishServer | undefined;
  private readonly diagnostics: rclnodejs.Publisher<"diagnostic_msgs/msg/DiagnosticArray">;
  private readonly latch: LatchFile; // the same one from configuration to configuration: to clean up is no reset
  private readonly delay = new LoopDelay();
  private readonly rates = new Rates();
  private readonly lately = new Lately(LATELY);
  private readonly begun = monotonic();
  private readonly timers: NodeJS.Timeout[] = [];
  private prepared: { readonly setup: AgentSetup; readonly port: AgentPort } | undefined;
  private agent: Configured | undefined;
  private disposal: Promise<void> = Promise.resolve();
  private taskBegun = false;
  private stopping = false;
  private awaiting = false; // a robot description that did not come within its time
  private wait = new AbortController(); // for a robot description
  // for the first time that it is configured
  private early: { readonly choice: SetupChoice; readonly setup: AgentSetup; readonly took: number } | undefined;
  private unfit = ""; // why it could not be configured; "" where it could, or may yet be by waiting
  private lastMarkers = 0; // s, monotonic
  private lastWarning = -Infinity; // s, monotonic

  /**
   * Makes the node; `autostart` and the rest happen while it spins.
   * @throws ConfigError, RangeError for parameters that cannot be
   */
  static async create(options: AgentNodeOptions): Promise<AgentNode> {
    rclnodejs.removeSignalHandlers(); // its own destroys the node at SIGINT, under the feet of a stop in progress
    await rclnodejs.init(rclnodejs.Context.defaultContext(), [options.name ?? "telos", ...options.ros.rcl]);
    try {
      return new AgentNode(options);
    } catch (error) {
      rclnodejs.shutdown();
      throw error;
    }
  }

  private constructor(
    private readonly options: AgentNodeOptions,
    private readonly clock = SharedClock.system(),
    readonly node = makeNode(options),
  ) {
    const { name = "telos" } = options;
    this.parameters = agentParameters(node, name, options.ros.rules, options.defaults);
    this.startTask = this.parameters().task;
    // what is wrong with a file that is named at the start ends the process, whoever is to configure the node
    this.early = this.loadEarly();
    this.latch = new LatchFile(latchPath(this.parameters().latch_folder, node.getFullyQualifiedName()));
    node.onEscape = (error) => this.warn(`a message or request could not be handled: ${error.message}`);
    node.interrupt = () => this.wait.abort();
    node.prepare = (transition) => this.prepare(transition);
    node.conclude = (transition) => this.conclude(transition);
    node.registerOnConfigure(() => this.onConfigure());
    node.registerOnActivate(() => (this.agent?.inputs.joints.renew(), this.report(this.agent?.port.activate())));
    node.registerOnDeactivate(() => this.report(this.agent?.port.deactivate()));
    node.registerOnCleanup(() => this.release());
    node.registerOnShutdown(() => this.release());
    node.registerOnError(() => this.release());
    if (this.parameters().use_sim_time) this.simClock = new SimClock(node, clock);
    else this.systemClock = new SystemClock(clock);
    if (name === "telos")
      this.accomplish = new AccomplishServer(
        node,
        () => this.awake(),
        (task, result) => this.told(task, result),
      );
    this.diagnostics = node.createPublisher("diagnostic_msgs/msg/DiagnosticArray", "/diagnostics", {
      qos: qualities.reliable(10),
    });
    this.serve("~/emergency_stop", (port) => port.emergencyStop());
    this.serve("~/reset", (port) => port.reset());
    node.spin();
    this.timers.push(
      setInterval(() => this.diagnose(), 1000),
      setInterval(() => this.draw(), 50),
    );
    if (this.parameters().autostart) {
      this.autostart().catch((error: Error) => {
        this.node.getLogger().error(`cannot start: ${error.message}`);
        if (!this.stopping) options.onFailure?.(error.message);
      });
    }
  }

  /** Brakes to rest (≤ 2 s), ends the agent and leaves the graph. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wait.abort();
    for (const timer of this.timers) clearInterval(timer);
    await Promise.race([this.node.settled, sleep(SETTLED_WITHIN)]); // whoever asked for a transition is answered
    if (this.node.state === "active") await this.node.change("deactivate");
    this.release();
    await this.disposal;
    this.delay.stop();
    this.forgetEvidence();
    this.simClock?.destroy();
    this.systemClock?.destroy();
    this.accomplish?.destroy();
    this.node.closed = true;
    rclnodejs.shutdown();
  }

  private async autostart(): Promise<void> {
    this.awaiting = this.rising = true;
    try {
      // an arm may come up long after us
      while (this.awaiting && this.node.state === "unconfigured") await this.node.change("configure");
      if (this.unfit !== "" && this.node.state === "unconfigured") throw new Error(this.unfit);
      if (!this.node.closed && this.node.state === "inactive") await this.node.change("activate");
    } finally {
      this.rising = false;
    }
  }

  /**
   * The agent for a goal that has come. One that comes while the node brings itself up, or before the first joint
   * states or a guard's first report, waits a while.
   */
  private async awake(): Promise<AgentPort | undefined> {
    const limit = monotonic() + AWAKE_WITHIN;
    const ready = (): boolean => {
      const status = this.agent?.outputs.status;
      return (
        !this.rising &&
        (this.node.state !== "active" || (status !== undefined && status.mode !== "inactive" && heardAll(status)))
      );
    };
    while (!ready() && !this.stopping && monotonic() < limit) await sleep(20);
    return this.agent?.port;
  }

  /**
   * Where nobody said which time to take and the arm lives on somebody's /clock, that is the time: a simulator's. Not
   * in the middle of a task.
   * @param within s, to wait for what tells
   */
  private async adoptClock(within: number): Promise<void> {
    const { options, node, clock } = this;
    if (this.simClock !== undefined || saidSimTime(options) || node.countPublishers("/clock") === 0)
      return this.forgetEvidence();
    const evidence = (this.evidence ??= new SimTimeEvidence(node, (this.prepared ?? this.agent)?.setup.arm.jointNames));
    for (const limit = monotonic() + within; evidence.verdict() === undefined && monotonic() < limit && !this.stopping;)
      await sleep(20);
    const verdict = evidence.verdict();
    if (verdict === "system" && !this.foreignTime)
      node
        .getLogger()
        .warn(
          "somebody publishes /clock, and the stamps of joint_states do not follow it: the time is the system's. If " +
            "the arm is a simulator's, say use_sim_time",
        );
    this.foreignTime ||= verdict === "system";
    if (verdict !== "simulated" || this.simClock !== undefined || this.stopping || this.agent?.outputs.status?.task)
      return;
    this.forgetEvidence();
    this.systemClock?.destroy();
    this.systemClock = undefined;
    const simulated = (this.simClock = new SimClock(node, clock));
    for (let i = 0; i < 50 && clock.rate === 0; i++) await sleep(20);
    if (simulated === this.simClock)
      node.getLogger().info("the arm lives on /clock and use_sim_time is not given: taking the time from there");
  }

  private forgetEvidence(): void {
    this.evidence?.destroy();
    this.evidence = undefined;
  }

  private choice(): SetupChoice {
    const { robot, agent, scene, controller } = this.parameters(),
      known = scene === "" ? undefined : scene;
    return {
      robot: robot || (known === undefined ? "arm7" : loadSceneConfig(known).robot),
      agent,
      scene: known,
      law: controller === "" ? undefined : controller,
    };
  }

  /** Of a robot whose URDF is a file. @throws ConfigError, UrdfError, ModelError */
  private loadEarly(): AgentNode["early"] {
    const choice = this.choice(),
      began = monotonic();
    return loadRobotConfig(choice.robot).urdf === undefined
      ? undefined
      : { choice, setup: this.options.load(choice), took: monotonic() - began };
  }

  private async prepare(transition: TransitionName): Promise<void> {
    if (transition === "activate") return this.agent?.port.ready().catch(() => undefined); // why not, activation tells
    if (transition !== "configure") return;
    await this.disposal;
    if (!this.stopping) this.wait = new AbortController();
    this.awaiting = false;
    this.unfit = "";
    try {
      const { guard, description_timeout } = this.parameters(),
        choice = this.choice();
      const untold = loadRobotConfig(choice.robot).urdf === undefined;
      const urdf = untold ? await this.describe(description_timeout || Infinity) : undefined;
      if (untold && urdf === undefined) {
        if (this.wait.signal.aborted) return;
        this.awaiting = true;
        const topic = this.node.resolveTopicName("robot_description");
        throw new Error(
          `no ${topic} within ${description_timeout} s: start robot_state_publisher, or name a URDF in the robot's ` +
            "file",
        );
      }
      const began = monotonic(),
        { early } = this,
        fits = early !== undefined && JSON.stringify(early.choice) === JSON.stringify(choice);
      this.early = undefined; // files may change until the next time
      const setup = withTaskFolder(fits ? early.setup : this.options.load({ ...choice, urdf }), this.startTask),
        took = fits ? early.took : monotonic() - began;
      // of a scene's robot it was not asked before
      if (setup.robot.controller.interface === "action") requireControlMsgs();
      const torque = torqueNotice(setup);
      for (const { good, text } of [torque, ...coverNotices(setup, took)])
        this.node.getLogger()[good ? "info" : "warn"](`${setup.robot.name}: ${text}`);
      this.prepared = {
        setup,
        port: await this.options.start(setup, { clock: this.clock, node: this.node, guard, latch: this.latch }),
      };
      await this.adoptClock(CLOCK_WITHIN);
    } catch (error) {
      if (this.stopping) return;
      this.unfit = this.awaiting ? "" : (error as Error).message;
      this.node.getLogger().error(`cannot configure: ${(error as Error).message}`);
    }
  }

  /**
   * The URDF, however late somebody tells it; undefined after `within` seconds, or where a shutdown is asked for
   * meanwhile.
   */
  private async describe(within: number): Promise<string | undefined> {
    const { node, wait } = this,
      topic = node.resolveTopicName("robot_description");
    const timer = setInterval(
      () =>
        node
          .getLogger()
          .warn(
            `waiting for ${topic}: start the arm's driver or robot_state_publisher, or name a URDF in the robot's file`,
          ),
      1000 * WARN_EVERY,
    );
    try {
      return await awaitDescription(node, within, wait.signal);
    } finally {
      clearInterval(timer);
    }
  }

  /**
   * Waits until the agent has come to where a transition sends it, its threads hear of it a moment later; and after
   * `activate` for the first joint states, which take their time over a network just joined: whoever hears that we are
   * active may send a goal at once.
   */
  private async conclude(transition: TransitionName): Promise<void> {
    const arrived = (s: AgentStatus | undefined): boolean => {
      if (transition === "activate") return s?.mode === "latched" || (s?.mode === "active" && heardAll(s));
      return s?.mode !== "active" && s?.mode !== "stopping";
    };
    if (transition === "activate" || transition === "deactivate") {
      const limit = monotonic() + (transition === "activate" ? ACTIVE_WITHIN : REST_WITHIN);
      while (this.agent !== undefined && !arrived(this.agent.outputs.status) && monotonic() < limit) await sleep(10);
    }
    this.node.getLogger().info(this.node.state);
    this.options.onEvent?.({ event: "state", state: this.node.state });
  }

  private onConfigure(): rclnodejs.lifecycle.CallbackReturnCode {
    const { node, prepared } = this;
    if (prepared === undefined) return FAILURE;
    const { setup, port } = prepared;
    this.prepared = undefined;
    const { cameras, guard } = this.parameters();
    if (guard !== "apart" && this.latch.latch !== undefined)
      node.getLogger().warn(`${told(this.latch.latch)}: make safe, then call ~/reset`);
    const others = this.options.open?.(node, port, this.clock);
    const { recorder } = this.options;
    recorder?.follow(this.clock);
    const witness = (stamp: number): void => this.simClock?.witness(stamp);
    const forces = setup.robot.guardrails.contact_force !== undefined;
    const inputs = new AgentInputs(node, port, this.clock, {
      cameras,
      frames: new Frames(setup.arm.base, setup.frames),
      links: setup.links,
      forces,
      recorder,
      witness,
      joints: sourceJoints(setup.arm),
    });
    this.agent = {
      setup,
      port,
      inputs,
      outputs: new AgentOutputs(node, port, setup, guard, this.clock, recorder),
      others,
    };
    port.status.subscribe((status) => {
      const { task } = this.parameters();
      if (status.mode === "latched") this.taskBegun = true; // what a reset frees moves by no request from before it
      if (
        this.taskBegun ||
        task === "" ||
        status.mode !== "active" ||
        !Object.entries(status.needs).every(([input, most]) => status.inputs[input] <= most)
      )
        return;
      this.taskBegun = true; // once: an arm that is activated a second time does not set off by itself
      const handle = port.accomplish(task, 0);
      void handle.result.then((result) => this.told(handle.name, result));
    });
    return SUCCESS;
  }

  private release(): rclnodejs.lifecycle.CallbackReturnCode {
    const { agent } = this;
    this.agent = undefined;
    if (agent !== undefined) {
      this.disposal = agent.port.dispose().then(() => {
        agent.others?.destroy();
        agent.inputs.destroy();
        agent.outputs.destroy();
      });
    }
    return SUCCESS;
  }

  private report(outcome: Outcome | undefined): rclnodejs.lifecycle.CallbackReturnCode {
    if (outcome?.ok) return SUCCESS;
    this.node.getLogger().error(outcome?.message ?? "there is no agent");
    return FAILURE;
  }

  /** A Trigger service, answered with what came of it. */
  private serve(name: string, act: (port: AgentPort) => Promise<Outcome>): void {
    // oxlint-disable-next-line typescript/no-misused-promises -- what it throws ends the process, as any fault does
    this.node.createService("std_srvs/srv/Trigger", name, async (_request, response) => {
      const { agent } = this;
      const outcome =
        agent === undefined
          ? { ok: false, message: `the node is ${this.node.state}: configure it first` }
          : await act(agent.port);
      if (this.node.closed) return;
      this.node
        .getLogger()
        .warn(`${name.slice(2)}: ${outcome.ok ? "done" : "refused"}${outcome.message && `: ${outcome.message}`}`);
      response.send({ success: outcome.ok, message: outcome.message });
    });
  }

  private told(task: string, result: TaskResult): void {
    const log = this.node.getLogger();
    const name = task.split("\n")[0];
    if (result.success) log.info(`task ${name}: done in ${result.duration.toFixed(1)} s`);
    else log.warn(`task ${name}: ${result.code}: ${result.message}`);
    this.options.onEvent?.({ event: "task", task: name, result });
  }

  private draw(): void {
    const rate = this.node.getParameter("markers_rate").value as number;
    const now = monotonic();
    if (this.agent === undefined || !(now - this.lastMarkers >= 1 / rate - 0.02)) return;
    this.lastMarkers = now;
    this.agent.outputs.drawMarkers(this.clock.now(), this.agent.inputs);
  }

  private diagnose(): void {
    const { agent, node, clock } = this;
    if (!this.rising) void this.adoptClock(0);
    const now = monotonic(),
      counts = Object.fromEntries(agent?.inputs.counts ?? []);
    const rates = this.rates.read(
      {
        commands: agent?.outputs.commands ?? 0,
        missed: agent?.outputs.status?.missed ?? 0,
        ...Object.fromEntries(Object.entries(counts).map(([topic, c]) => [topic, c.messages])),
      },
      now,
    );
    const silence = this.simClock?.silence() ?? 0;
    const status = agentDiagnostics({
      node: node.getFullyQualifiedName(),
      robot: agent?.setup.robot.name ?? "",
      lifecycle: node.state,
      starting: this.rising || now - this.begun < STARTING,
      staleAfter: agent?.setup.agent.perception.stale_after ?? 0,
      period: agent?.setup.agent.reflex.period ?? 0,
      status: agent?.outputs.status,
      inputs: Object.fromEntries(
        Object.entries(counts).map(([topic, c]) => [
          topic,
          {
            rate: rates[topic],
            malformed: c.malformed,
            lately: this.lately.grown(topic, c.malformed, now),
            fault: c.fault,
            others: c.others,
          },
        ]),
      ),
      refused: this.lately.grown("refused", agent?.outputs.status?.rejected ?? 0, now),
      skew: agent?.inputs.skew ?? 0,
      controller: agent?.outputs.controller,
      shape: agent === undefined ? [] : coverNotices(agent.setup).flatMap(({ good, text }) => (good ? [] : [text])),
      silences: agent?.inputs.silences ?? NONE,
      commands: rates.commands,
      missed: rates.missed,
      clock: {
        simulated: this.simClock !== undefined,
        rate: clock.rate,
        silence,
        resets: this.simClock?.filter.resets ?? 0,
      },
      ...this.delay.read(),
    });
    const fix = status.find((s) => s.name.endsWith(": clock") && s.level > 1);
    if (fix !== undefined) this.warn(fix.message);
    // also what is wrong with /clock must be told
    const bytes = encodeDiagnosticArray({ stamp: fromSeconds(clock.now() || Date.now() / 1e3), frameId: "" }, status);
    this.diagnostics.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
  }

  /** Throttled: one thing wrong with a stream is wrong a hundred times a second. */
  private warn(message: string): void {
    if (monotonic() - this.lastWarning < WARN_EVERY) return;
    this.lastWarning = monotonic();
    this.node.getLogger().warn(message);
  }
}

/** `use_sim_time` belongs to rclnodejs, which declares it within the constructor. */
function makeNode({ name = "telos", ros, defaults }: AgentNodeOptions): ManagedNode {
  const options = new rclnodejs.NodeOptions();
  const simulated = wantsSimTime(ros, name, defaults.use_sim_time ?? false);
  options.parameterOverrides = [
    new rclnodejs.Parameter("use_sim_time", rclnodejs.ParameterType.PARAMETER_BOOL, simulated),
  ];
  return new ManagedNode(name, options);
}

/** Whether anybody said which time to take. */
function saidSimTime({ name = "telos", ros, defaults }: AgentNodeOptions): boolean {
  return defaults.use_sim_time !== undefined || wantsSimTime(ros, name, true) === wantsSimTime(ros, name, false);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether every input without which nothing moves has come at least once. */
const heardAll = ({ needs, inputs }: AgentStatus): boolean =>
  Object.keys(needs).every((input) => Number.isFinite(inputs[input] ?? Infinity));
