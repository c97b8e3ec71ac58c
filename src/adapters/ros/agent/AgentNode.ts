import rclnodejs from "rclnodejs";
import type { TaskResult } from "../../../agent/AgentPort.js";
import { LatchFile } from "../../../runtime/LatchFile.js";
import { monotonic, SharedClock } from "../../../core/time/SharedClock.js";
import { AccomplishServer } from "./AccomplishServer.js";
import { AgentLifecycle } from "./AgentLifecycle.js";
import type { AgentNodeOptions } from "./AgentNodeOptions.js";
import { agentParameters, saysSimTime, wantsSimTime, type AgentParameters } from "./agentParameters.js";
import { AgentTime } from "./AgentTime.js";
import { DiagnosticsTopic } from "./DiagnosticsTopic.js";
import { FirstTask } from "./FirstTask.js";
import { latchPath } from "../guard/latchPath.js";
import { ManagedNode } from "../ManagedNode.js";
import { serveTrigger } from "./serveTrigger.js";
import { SetupLoader } from "./SetupLoader.js";
import { sleep } from "./sleep.js";
import { ThrottledWarnings } from "../ThrottledWarnings.js";

const SETTLED_WITHIN = 200; // ms
const WARN_EVERY = 5; // s

/**
 * The ROS 2 node `telos`, or the separate guard `telos_guard`: an agent behind `AgentPort` as a lifecycle node (the
 * outside contract lists its topics). It only translates: `AgentLifecycle` has its transitions, `AgentInputs` and
 * `AgentOutputs` its topics, `agentParameters` its parameters.
 */
export class AgentNode {
  private readonly stopping = new AbortController();
  private readonly parameters: () => AgentParameters;
  private readonly diagnostics: DiagnosticsTopic;
  private readonly warnings: ThrottledWarnings;
  private readonly loader: SetupLoader;
  private readonly time: AgentTime;
  private readonly lifecycle: AgentLifecycle;
  private readonly accomplish: AccomplishServer | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private lastMarkers = 0; // s, monotonic

  /**
   * Makes the node; `autostart` and the rest happen while it spins.
   * @throws ConfigError, RangeError for invalid parameters
   */
  static async create(options: AgentNodeOptions): Promise<AgentNode> {
    rclnodejs.removeSignalHandlers(); // its own handler destroys the node at SIGINT, during a stop
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
    const { name = "telos", ros, defaults } = options,
      stopping = this.stopping.signal;
    this.diagnostics = new DiagnosticsTopic(node, clock);
    this.warnings = new ThrottledWarnings(node, WARN_EVERY);
    const parameters = agentParameters(node, name, ros.rules, defaults),
      { latch_folder, use_sim_time, autostart } = parameters();
    this.parameters = parameters;
    this.loader = new SetupLoader(node, parameters, options.load);
    const latch = new LatchFile(latchPath(latch_folder, node.getFullyQualifiedName()));
    node.onEscape = (error) => this.warnings.warn(`a message or request could not be handled: ${error.message}`);
    this.time = new AgentTime(node, clock, use_sim_time, saysSimTime(ros, name, defaults.use_sim_time), stopping);
    const { loader, time } = this,
      firstTask = new FirstTask(
        () => parameters().task,
        (task, result) => this.taskOver(task, result),
      );
    const shell = { node, clock, parameters, options, latch, loader, time, firstTask, stopping };
    this.lifecycle = new AgentLifecycle(shell);
    if (name === "telos")
      this.accomplish = new AccomplishServer(
        node,
        () => this.lifecycle.awake(),
        (task, result) => this.taskOver(task, result),
      );
    const port = () => this.lifecycle.agent?.port;
    serveTrigger(node, "~/emergency_stop", port, (agent) => agent.emergencyStop());
    serveTrigger(node, "~/reset", port, (agent) => agent.reset());
    node.spin();
    this.timers.push(
      setInterval(() => this.diagnose(), 1000),
      setInterval(() => this.drawMarkers(), 50),
    );
    if (autostart)
      this.lifecycle.rise().catch((error: Error) => {
        node.getLogger().error(`cannot start: ${error.message}`);
        if (!stopping.aborted) options.onFailure?.(error.message);
      });
  }

  /** Brakes to rest (≤ 2 s), ends the agent and leaves the graph. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.loader.interrupt();
    for (const timer of this.timers) clearInterval(timer);
    await Promise.race([this.node.settled, sleep(SETTLED_WITHIN)]); // requests for a transition are answered first
    await this.lifecycle.end();
    this.diagnostics.destroy();
    this.time.destroy();
    this.accomplish?.destroy();
    this.node.closed = true;
    rclnodejs.shutdown();
  }

  private taskOver(task: string, result: TaskResult): void {
    const log = this.node.getLogger();
    const name = task.split("\n")[0];
    if (result.success) log.info(`task ${name}: done in ${result.duration.toFixed(1)} s`);
    else log.warn(`task ${name}: ${result.code}: ${result.message}`);
    this.options.onEvent?.({ event: "task", task: name, result });
  }

  private drawMarkers(): void {
    const { markers_rate: rate } = this.parameters(),
      { agent } = this.lifecycle,
      now = monotonic();
    if (agent === undefined || !(now - this.lastMarkers >= 1 / rate - 0.02)) return;
    this.lastMarkers = now;
    agent.outputs.drawMarkers(this.clock.now(), agent.inputs);
  }

  private diagnose(): void {
    const { lifecycle, time } = this;
    if (!lifecycle.rising) void lifecycle.adoptTime(0);
    const trouble = this.diagnostics.publish(lifecycle.agent, time, lifecycle.rising);
    if (trouble !== "") this.warnings.warn(trouble);
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
