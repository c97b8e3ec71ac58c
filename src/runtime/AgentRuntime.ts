import { ReplaySubject, Subject } from "rxjs";
import type { Belief } from "../core/Belief.js";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { HandCommand } from "../core/Hand.js";
import type { Image } from "../core/Observation.js";
import type { Percept } from "../core/Percept.js";
import type { Thing } from "../core/Thing.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { SharedClock } from "../core/time/SharedClock.js";
import { prepareExpressions } from "../cost/index.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import type { AgentPort, AgentStatus, JointSample, Outcome, TaskHandle } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { AgentStatistics } from "./AgentStatistics.js";
import { CameraInput } from "./CameraInput.js";
import { describeAgent, describeTask } from "./describeAgent.js";
import { Ingress } from "./ingress/Ingress.js";
import { LatchFile } from "./LatchFile.js";
import { ReflexControl } from "./ReflexControl.js";
import type { ReflexMaker } from "./ReflexPort.js";
import { Shortfall } from "./Shortfall.js";
import { Tasks } from "./Tasks.js";
import { Watchdog } from "./Watchdog.js";
import { Wiring, type WiringListener } from "./Wiring.js";

/** Replacements for the agent's own parts: a reflex elsewhere, another program for the planners' threads. */
export interface AgentParts {
  readonly reflex?: ReflexMaker;
  readonly latch?: LatchFile; // of a reflex inside; without it a latch ends with the process
  readonly planner?: URL;
  // called with the inputs of each plan, a serialised Decision
  readonly record?: (decision: Uint8Array) => void;
}

/**
 * The agent with its threads. This thread takes inputs and emits commands; one holds the reflex and the safety filter,
 * one each planning level.
 *
 *   joint states ─▶ ingress ─▶ shared memory ─▶ reflex ─▶ command ─▶ claimed and emitted here
 *   task ─▶ every level;  level ─plan─▶ level below ─plan─▶ reflex
 *   image ─▶ perception ─▶ every level that plans from images
 */
export class AgentRuntime implements AgentPort {
  readonly commands = new Subject<Command>();
  readonly handCommands = new Subject<HandCommand>();
  readonly plans = new Subject<readonly Plan[]>();
  readonly status = new ReplaySubject<AgentStatus>(1);
  private readonly ingress: Ingress;
  private readonly camera: CameraInput;
  private readonly wiring: Wiring;
  private readonly control: ReflexControl;
  private readonly tasks: Tasks;
  private readonly statistics: AgentStatistics;
  private readonly shortfall: Shortfall;
  private readonly watchdog: Watchdog;
  private readonly timer: NodeJS.Timeout;
  private unready = "the planners are still starting"; // why it cannot plan; "" once it can

  private constructor(
    private readonly setup: AgentSetup,
    private readonly clock: SharedClock,
    private readonly log: EpisodeLog | undefined,
    { reflex, latch = new LatchFile(""), record }: AgentParts,
  ) {
    const ingress = (this.ingress = new Ingress(setup, clock, log)),
      camera = (this.camera = new CameraInput(setup.learned?.camera)),
      statistics = (this.statistics = new AgentStatistics(setup.agent)),
      wiring = (this.wiring = new Wiring(setup, clock, ingress, this.listener(record), reflex)),
      control = (this.control = new ReflexControl(wiring.reflex, ingress.measured, latch)),
      tasks = (this.tasks = new Tasks(setup, clock, log, ingress, control, wiring, (c) => this.handCommands.next(c))),
      shortfall = (this.shortfall = new Shortfall(setup, ingress, control, tasks, statistics));
    this.watchdog = new Watchdog(setup, log, ingress, camera, wiring, tasks, shortfall);
    this.timer = setInterval(() => this.tell(), 100);
    this.commands.subscribe((command) => ingress.body.expect(command));
    this.commands.subscribe((command) => log?.command(command));
    this.plans.subscribe((plans) => log?.plan(plans));
    this.status.subscribe(({ beliefs: _, ...status }) => log?.state(status.stamp, status));
  }

  /**
   * Starts the threads; resolves once the guardrails are in force. A log records everything and is closed with the
   * agent.
   */
  static async start(
    setup: AgentSetup,
    { clock, log, ...parts }: { clock: SharedClock; log?: EpisodeLog } & AgentParts,
  ): Promise<AgentRuntime> {
    const agent = new AgentRuntime(setup, clock, log, parts);
    await agent.wiring.start(parts.record !== undefined, parts.planner);
    return agent;
  }

  get jointNames(): readonly string[] {
    return this.setup.arm.jointNames;
  }

  observeJoints(sample: JointSample): void {
    const taken = this.ingress.joints(sample);
    if (this.ingress.handMoved()) this.wiring.beliefs();
    if (taken === undefined) return;
    if (taken === "clock went back") this.control.event("brake", "clock_jump");
    this.tasks.measured();
  }

  observeBodies(stamp: Seconds, bodies: readonly Body[]): void {
    if (this.ingress.bodies(stamp, bodies)) this.wiring.bodies();
  }

  voidBodies(until: Seconds): void {
    if (this.ingress.voidBodies(until)) this.wiring.bodies();
  }

  observeObjects(stamp: Seconds, objects: readonly Belief[], things?: readonly Thing[]): void {
    if (this.ingress.objects(stamp, objects, things)) this.wiring.beliefs();
  }

  observeWrench(stamp: Seconds, wrench: ArrayLike<number>): void {
    if (this.ingress.wrench(stamp, wrench)) this.wiring.wrench(stamp, wrench);
  }

  observeImage(camera: string, image: Image): void {
    const q = this.ingress.image(camera, image);
    if (q !== undefined) this.wiring.encode(image, q);
  }

  async ready(): Promise<void> {
    prepareExpressions();
    try {
      await this.wiring.ready();
      this.unready = "";
    } catch (error) {
      this.unready = (error as Error).message;
      throw error;
    }
  }

  activate(): Outcome {
    if (this.unready !== "") return { ok: false, message: this.unready };
    return this.control.activate();
  }

  deactivate(): Outcome {
    this.tasks.decide("NOT_ACTIVE", "the agent was deactivated");
    return this.control.deactivate();
  }

  emergencyStop(): Promise<Outcome> {
    const outcome = this.control.stop();
    this.tasks.decide("EMERGENCY_STOP", "emergency stop");
    return outcome;
  }

  controllerFailed(why: string): void {
    this.control.event("fault", `controller: ${why}`);
  }

  controllerHampered(words: string): void {
    this.tasks.hampered = words;
  }

  jointSources(words: string): void {
    this.ingress.sources = words;
  }

  reset(): Promise<Outcome> {
    return this.control.reset(this.ingress.needed());
  }

  accomplish(text: string, timeout: Seconds): TaskHandle {
    return this.tasks.accept(text, timeout);
  }

  async dispose(): Promise<void> {
    this.deactivate();
    await this.control.rest();
    clearInterval(this.timer);
    await this.wiring.end();
    this.tasks.settle();
    this.commands.complete();
    this.handCommands.complete();
    this.plans.complete();
    this.status.complete();
    await this.control.settled();
    await this.log?.close();
  }

  /** Where messages of the threads go. */
  private listener(record: AgentParts["record"]): WiringListener {
    return {
      reflex: {
        command: (command) => this.commands.next(command),
        report: (report) => this.reported(report),
        died: (why) => this.fault(`reflex thread: ${why}`),
      },
      planners: {
        planned: (index, generation, plan) => this.planned(index, generation, plan),
        failed: (_, generation, why, code) => this.tasks.failed(generation, why, code),
        decided: (bytes) => record?.(bytes),
      },
      perception: { seen: (percept) => this.perceived(percept), failed: (why) => this.camera.failed(why) },
    };
  }

  /** An image was encoded: what it shows becomes beliefs, and plans begin from it. */
  private perceived(percept: Percept): void {
    const { ingress, wiring, camera, tasks } = this,
      q = ingress.jointsAt(percept.stamp);
    if (q === undefined) return;
    ingress.beliefs.seePercept(percept);
    wiring.beliefs();
    wiring.percept(percept, q);
    if (camera.take(percept)) tasks.cameraMoved();
  }

  /** A plan goes down, to the level below or from the lowest to the reflex. */
  private planned(index: number, generation: number, plan: Plan): void {
    const { clock, statistics, tasks, wiring } = this,
      now = clock.now();
    statistics.planned(index, plan, now);
    const task = tasks.of(generation);
    if (task === undefined) return;
    wiring.plan(index, generation, plan, (task.steps ?? task.arrival).resting);
    tasks.planned(task, index, plan, now);
    this.plans.next(tasks.plans.filter((p) => p !== undefined));
  }

  private reported(report: ReflexReport): void {
    this.control.hear(report);
    this.tasks.reported(report);
  }

  private fault(by: string): void {
    this.tasks.decide("INTERNAL", by);
    this.control.died(by);
  }

  /** Ten times a second: ends tasks that cannot succeed, and publishes the status. */
  private tell(): void {
    const { setup, log, ingress, camera, control, tasks, statistics, shortfall } = this,
      now = this.clock.now(),
      { current: task } = tasks,
      { report } = control;
    const silence = this.watchdog.watch(now);
    if (task !== undefined) {
      const heading = silence
        ? `waits: ${silence.why}`
        : tasks.patience.waiting || (task.steps?.words ?? shortfall.distance(task, now));
      task.feedback.next(describeTask(task, heading, tasks.planner, report));
    }
    if (report !== undefined)
      this.status.next(describeAgent({ setup, log, ingress, camera, control, tasks, statistics }, now, report));
  }
}
