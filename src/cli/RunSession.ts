import type { AgentPort, AgentStatus, TaskHandle, TaskResult } from "../agent/AgentPort.js";
import { loadAgentConfig } from "../agent/setup/AgentConfig.js";
import { learnedLevel } from "../agent/setup/loadModels.js";
import { ConfigError, loadSceneConfig } from "../config/index.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { ReflexMaker } from "../runtime/ReflexPort.js";
import type { AgentNode } from "../adapters/ros/agent/AgentNode.js";
import type { GuardPlace } from "../adapters/ros/agent/agentParameters.js";
import type { Checker } from "../adapters/ros/agent/Checker.js";
import type { Recorder } from "../adapters/ros/client/Recorder.js";
import { defaultAgent } from "./defaultAgent.js";
import { defaultScene } from "./defaultScene.js";
import { claimDomain } from "./claimDomain.js";
import { foreignNodes, type OwnNodes } from "./foreignNodes.js";
import { guardProcess } from "./guardProcess.js";
import { inputsHeard } from "./inputsHeard.js";
import { describeRun, failure, summarise, type RunSummary } from "./RunSummary.js";
import type { NodeProcess } from "./NodeProcess.js";
import { openRecorder } from "./openRecorder.js";
import { simProcess } from "./simProcess.js";
import { TerminalView } from "./TerminalView.js";

export interface RunOptions {
  readonly task: string;
  readonly scene?: string;
  readonly robot?: string;
  readonly agent?: string;
  readonly guard: GuardPlace;
  readonly seed: number;
  readonly timeout: number; // s
  readonly speed: number;
  readonly domain?: number;
  readonly headless: boolean;
  readonly json: boolean;
  readonly record?: string | true;
  readonly keep: boolean;
  readonly verbose: boolean;
}

const DISCOVERY = 600; // ms from our node's start until all others are discovered

/** The user pressed Ctrl-C before there was a task to cancel. */
class Interrupted extends Error {}

/** One run of simulator and agent: starts both in parallel, accomplishes the task, prints a summary, ends both. */
export class RunSession {
  private readonly marks: string[] = [];
  private readonly view: TerminalView;
  private sim: NodeProcess | undefined;
  private guard: NodeProcess | undefined; // if it runs as a separate process
  private node: AgentNode | undefined;
  private checker: Checker | undefined;
  private release: (() => void) | undefined; // of the ROS domain
  private port: AgentPort | undefined;
  private log: EpisodeLog | undefined;
  private recorder: Recorder | undefined;
  private handle: TaskHandle | undefined;
  private status: AgentStatus | undefined;
  private distance = "the goal is not evaluated yet";
  private firstMotion = 0; // s from the start of the process
  private interrupted = false;
  private interrupt!: (error: Error) => void;
  private readonly interruption = new Promise<never>((_, reject) => (this.interrupt = reject));

  constructor(private readonly options: RunOptions) {
    const screen = options.json ? process.stderr : process.stdout;
    this.view = new TerminalView(screen, `telos run: ${options.task}`, options.headless ? "plain" : "live");
    this.interruption.catch(() => undefined);
  }

  /** @returns the exit code */
  async execute(): Promise<number> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.onSignal());
    let summary: RunSummary;
    try {
      await Promise.race([this.start(), this.interruption]);
      summary = await this.accomplish();
    } catch (error) {
      summary = { ...failure(this.codeOf(error), (error as Error).message), log: this.log?.path ?? "" };
    }
    this.view.clear();
    this.say(describeRun(summary));
    if (this.options.keep && this.port !== undefined && !this.interrupted) {
      this.say("both keep running; Ctrl-C ends them");
      await this.interruption.catch(() => undefined);
    }
    await this.stop();
    if (this.options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    if (this.interrupted) return 130;
    return summary.success ? 0 : 1;
  }

  private codeOf(error: unknown): "CANCELED" | "INVALID_TASK" | "INTERNAL" {
    if (error instanceof Interrupted) return "CANCELED";
    return error instanceof ConfigError && this.sim === undefined ? "INVALID_TASK" : "INTERNAL";
  }

  /** Both processes load in parallel. The simulator joins the graph once the domain is known to be free. */
  private async start(): Promise<void> {
    const { task, seed, speed, verbose } = this.options;
    if (this.options.domain !== undefined) process.env.ROS_DOMAIN_ID = String(this.options.domain);
    const scene = this.options.scene ?? defaultScene(task);
    const robot = this.options.robot ?? loadSceneConfig(scene).robot;
    const agent = this.options.agent ?? defaultAgent(task);
    // a learned level sees objects itself and needs no `objects` messages
    const sees = learnedLevel(loadAgentConfig(agent)) !== undefined;
    this.mark("task and scene read");
    this.release = claimDomain(process.env.ROS_DOMAIN_ID ?? "0");
    this.sim = simProcess({
      scene,
      robot,
      seed,
      speed,
      objects: !sees,
      onLine: verbose ? (line) => this.say(`  sim: ${line}`) : undefined,
    });
    if (this.options.guard === "apart") {
      const onLine = verbose ? (line: string): void => this.say(`  guard: ${line}`) : undefined;
      this.guard = guardProcess({ scene, robot, agent, onLine });
    }
    this.say(`${task} in scene ${scene} with ${robot}, seed ${seed}`);

    const [
      { AgentNode },
      { AgentRuntime },
      { loadSetup },
      { openEpisodeLog },
      { GuardClient },
      { rosArguments },
      { Checker },
      { withTaskFolder },
      { trueLimits },
      { coverNotices },
    ] = await Promise.all([
      import("../adapters/ros/agent/AgentNode.js"),
      import("../runtime/AgentRuntime.js"),
      import("../agent/setup/AgentSetup.js"),
      import("../runtime/openEpisodeLog.js"),
      import("../adapters/ros/guard/GuardClient.js"),
      import("../adapters/ros/rosArguments.js"),
      import("../adapters/ros/agent/Checker.js"),
      import("../agent/setup/taskFolders.js"),
      import("../agent/robot/trueLimits.js"),
      import("../agent/robot/coverNotices.js"),
    ]);
    this.mark("modules loaded");
    const setup = withTaskFolder(loadSetup({ robot, agent, scene }), this.options.task);
    for (const { good, text } of coverNotices(setup))
      if (!good) process.stderr.write(`telos run: ${setup.robot.name}: ${text}\n`);
    const recorder = (this.recorder = await openRecorder(this.options.record, (why) => this.say(why)));
    let started!: (port: AgentPort) => void;
    const port = new Promise<AgentPort>((resolve) => (started = resolve));
    let found!: () => void;
    // resolves when no other node is in the domain; until then our agent publishes nothing
    const free = new Promise<void>((resolve) => (found = resolve));
    this.node = await AgentNode.create({
      ros: rosArguments(verbose ? [] : ["--ros-args", "--log-level", "error"]),
      // no latch is stored: each run has a new simulation
      defaults: { robot, agent, scene, guard: this.options.guard, use_sim_time: true, latch_folder: "" },
      load: () => setup,
      recorder,
      start: async (_, { clock, node, guard }) => {
        this.log = await openEpisodeLog(setup);
        this.log?.notices.subscribe((notice) => this.say(notice));
        const reflex =
          guard === "apart" ? (...args: Parameters<ReflexMaker>) => new GuardClient(node, ...args) : undefined;
        const runtime = await AgentRuntime.start(setup, {
          clock,
          log: this.log,
          reflex,
          record: recorder && ((decision) => recorder.decision(decision)),
        });
        started(runtime);
        await free;
        return runtime;
      },
    });
    this.checker = new Checker(setup.arm.jointNames, trueLimits(setup));
    this.mark("nodes created");
    await new Promise((resolve) => setTimeout(resolve, DISCOVERY));
    const requireFreeDomain = (own: OwnNodes): void => {
      const taken = foreignNodes(this.node!.node, setup.robot.controller.topic, process.env.ROS_DOMAIN_ID ?? "0", own);
      if (taken !== "") throw new Error(taken);
    };
    // GuardClient subscribes to commands
    requireFreeDomain({ simulators: 0, commanders: 0, listeners: this.guard === undefined ? 0 : 1 });
    this.mark("domain is free");
    found();
    this.sim.begin();
    this.guard?.begin();
    const death = this.died().then((error) => Promise.reject(error));
    await this.sim.ready;
    this.mark("simulator ready");
    await this.guard?.ready;
    this.port = await Promise.race([port, death]);
    this.mark("guardrails in force");
    this.watch(this.port);
    await Promise.race([inputsHeard(() => this.status, setup), death]);
    requireFreeDomain({ simulators: 1, commanders: 1 });
    this.mark("inputs fresh");
  }

  private watch(port: AgentPort): void {
    port.status.subscribe((status) => {
      this.status = status;
      if (this.handle !== undefined && status.task !== "") this.view.show(status, this.distance, performance.now());
    });
    port.plans.subscribe({ next: () => this.markOnce("first plan") });
    port.commands.subscribe(() => {
      if (this.firstMotion > 0) return;
      this.firstMotion = process.uptime();
      this.markOnce("first motion");
    });
  }

  private async accomplish(): Promise<RunSummary> {
    const begun = performance.now();
    const handle = (this.handle = this.port!.accomplish(this.options.task, this.options.timeout));
    handle.feedback.subscribe(({ subgoal }) => (this.distance = subgoal));
    if (this.interrupted) handle.cancel();
    this.mark("task begun");
    const fault = this.died().then((error): TaskResult => ({
      success: false,
      code: "INTERNAL",
      message: error.message,
      energy: 0,
      duration: 0,
    }));
    const result = await Promise.race([handle.result, fault]);
    const wall = (performance.now() - begun) / 1000;
    for (const kind of this.checker!.kinds) this.say(`violation: ${kind}`);
    return summarise({
      result,
      status: this.status,
      wall,
      violations: this.checker!.violations,
      firstMotion: this.firstMotion,
      log: this.log?.path ?? "",
    });
  }

  /** Stops the arm first, then the simulator. */
  private async stop(): Promise<void> {
    this.checker?.destroy();
    await this.node?.stop().catch((error: Error) => this.say(`error while stopping: ${error.message}`));
    await this.recorder?.close();
    await this.guard?.end();
    await this.sim?.end();
    this.release?.();
  }

  /** Resolves if one of the other processes dies unexpectedly. */
  private died(): Promise<Error> {
    return Promise.race([this.sim!.died, ...(this.guard === undefined ? [] : [this.guard.died])]);
  }

  private onSignal(): void {
    if (this.interrupted) {
      void this.guard?.end();
      void this.sim?.end();
      process.exit(130); // the arm brakes on the fail-safe trajectory it holds
    }
    this.interrupted = true;
    this.view.note("stopping the arm; Ctrl-C again ends at once");
    this.handle?.cancel();
    this.interrupt(new Interrupted("interrupted"));
  }

  private say(text: string): void {
    this.view.note(text);
  }

  private markOnce(what: string): void {
    if (!this.marks.includes(what)) this.mark(what);
  }

  private mark(what: string): void {
    this.marks.push(what);
    if (this.options.verbose) this.say(`  ${process.uptime().toFixed(2)} s  ${what}`);
  }
}
