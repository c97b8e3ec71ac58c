import { ReplaySubject, Subject } from "rxjs";
import type { Belief } from "../core/Belief.js";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { Image } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { SharedClock } from "../core/time/SharedClock.js";
import { SharedVector } from "../core/threads/SharedVector.js";
import type { Percept } from "../core/Percept.js";
import { createGoal, hasPictures, prepareExpressions, seeGoals, type TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { Posture, tellSelfPair } from "../kinematics/index.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import { ActiveTask, refusedTask } from "../agent/task/ActiveTask.js";
import type { AgentPort, AgentStatus, JointSample, Outcome, TaskCode, TaskHandle } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { Arrival } from "../agent/task/Arrival.js";
import { GoalMonitor } from "../agent/task/GoalMonitor.js";
import { tellBraking } from "./tellBraking.js";
import { Ingress, type Silence } from "./ingress/Ingress.js";
import { LevelStatistics } from "./LevelStatistics.js";
import { LatchFile } from "./LatchFile.js";
import { learnedFolder } from "../agent/setup/loadModels.js";
import { movesThings } from "../agent/movesThings.js";
import { neededInputs } from "../agent/setup/neededInputs.js";
import type { SharedMemory } from "./messages.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import { Patience } from "../agent/task/Patience.js";
import { PerceptionThread } from "./threads/PerceptionThread.js";
import { PlannerThread } from "./threads/PlannerThread.js";
import { readTask } from "../agent/setup/readTask.js";
import { ReflexControl } from "./ReflexControl.js";
import type { ReflexMaker, ReflexPort } from "./ReflexPort.js";
import { ReflexThread } from "./threads/ReflexThread.js";
import { searchTime } from "../agent/searchTime.js";
import { stopCause } from "../reflex/stopCause.js";
import { strain } from "./strain.js";
import { tightenLimits } from "../agent/setup/tightenLimits.js";

// without an image that could be understood, after which a task of an agent that needs them waits, or is given up where
// none ever was
const BLIND: Seconds = 3;
const HANG: Seconds = 5; // beyond twice a level's deadline without a word, after which its thread is started anew

/** What may take the place of the agent's own parts: a reflex that is elsewhere, another planners' thread. */
export interface AgentParts {
  readonly reflex?: ReflexMaker;
  readonly latch?: LatchFile; // of a reflex inside; without one its latch ends with the process
  readonly planner?: URL;
  // is told everything that each plan was made from, a serialised Decision
  readonly record?: (decision: Uint8Array) => void;
}

const makeReflexThread: ReflexMaker = (...args) => new ReflexThread(...args);

/**
 * The agent with its threads: this one takes what comes in and lets commands out, one holds the reflex and the safety
 * filter, one each planning level.
 *
 *   joint states ─▶ ingress ─▶ shared memory ─▶ reflex ─▶ command ─▶ claimed and emitted here
 *   task ─▶ every level;  level ─plan─▶ level below ─plan─▶ reflex
 */
export class AgentRuntime implements AgentPort {
  readonly commands = new Subject<Command>();
  readonly plans = new Subject<readonly Plan[]>();
  readonly status = new ReplaySubject<AgentStatus>(1);
  private readonly posture: Posture;
  private readonly ingress: Ingress;
  private readonly levels: LevelStatistics[];
  private readonly latest: (Plan | undefined)[];
  private task: ActiveTask | undefined;
  private readonly ending: ActiveTask[] = [];
  private generation = 0;
  private lastPlanned = "";
  private patience = new Patience(0);
  private trips: ReflexReport["trips"] = {}; // as the task began
  private hampered = ""; // what is wrong with the way to the arm's controller
  private ticks = { count: 0, at: 0, rate: 0 };
  private readonly timer: NodeJS.Timeout;
  private readonly shared: SharedMemory;
  private readonly reflex: ReflexPort;
  private readonly control: ReflexControl;
  private planners: readonly PlannerThread[] = [];
  private perception: PerceptionThread | undefined; // of an agent with a learned model
  private looked: Seconds = -Infinity; // stamp of the last image understood
  private moves: number | undefined = 0; // of the camera, as the newest observation tells
  private lookAgain: (() => void) | undefined; // at the pictures of the newest task
  private blindness = ""; // why the last image was not
  private unready = "its planners are still starting"; // why it cannot plan; "" once it can

  private constructor(
    private readonly setup: AgentSetup,
    private readonly clock: SharedClock,
    private readonly log: EpisodeLog | undefined,
    reflex = makeReflexThread,
    latch = new LatchFile(""),
  ) {
    const { arm, agent } = setup;
    this.ingress = new Ingress(setup, clock, log);
    this.shared = {
      clock: clock.buffer,
      measured: this.ingress.measured.memory.buffer,
      commanded: new SharedVector(2 + 2 * arm.nq).buffer,
      claim: new SharedArrayBuffer(4),
    };
    this.posture = new Posture(arm);
    this.levels = agent.levels.map((l) => new LevelStatistics(l.name, l.period, searchTime(l)));
    this.latest = agent.levels.map(() => undefined);
    this.reflex = reflex(setup, this.shared, clock, {
      command: (c) => this.commands.next(c),
      report: (r) => this.hear(r),
      died: (why) => this.fault(`reflex thread: ${why}`),
    });
    this.control = new ReflexControl(this.reflex, this.ingress.measured, latch);
    this.timer = setInterval(() => this.tell(), 100);
    this.commands.subscribe((command) => this.ingress.body.expect(command));
    this.commands.subscribe((command) => log?.command(command));
    this.plans.subscribe((plans) => log?.plan(plans));
    this.status.subscribe(({ beliefs: _, ...status }) => log?.state(status.stamp, status));
  }

  /**
   * Starts the threads; resolves once the guardrails are in force. A log is told everything and is closed with the
   * agent.
   */
  static async start(
    setup: AgentSetup,
    { clock, log, ...parts }: { clock: SharedClock; log?: EpisodeLog } & AgentParts,
  ): Promise<AgentRuntime> {
    const agent = new AgentRuntime(setup, clock, log, parts.reflex, parts.latch);
    await agent.reflex.started(); // alone: the guardrails first
    agent.startPlanners(parts);
    return agent;
  }

  get jointNames(): readonly string[] {
    return this.setup.arm.jointNames;
  }

  observeJoints(sample: JointSample): void {
    const { task, ingress } = this;
    const taken = ingress.joints(sample);
    if (taken === undefined) return;
    if (taken === "clock went back") this.control.event("brake", "clock_jump");
    if (task !== undefined && task.decided === undefined) this.look(task);
  }

  /**
   * Whether a task is done; once its goals hold the reflex is told to bring the arm to rest, and of no more plans until
   * it goes on.
   */
  private look(task: ActiveTask): void {
    const { arrival } = task,
      {
        ingress,
        control: { report },
        generation,
      } = this;
    const rested = arrival.resting;
    if (arrival.update(ingress.body.state(ingress.beliefs), report?.idle ?? false)) task.decide("NONE", "");
    else if (arrival.resting && !rested) this.reflex.post({ kind: "rest", generation, atOnce: movesThings(task.spec) });
  }

  observeBodies(stamp: Seconds, bodies: readonly Body[]): void {
    if (this.ingress.bodies(stamp, bodies)) this.tellOfBodies();
  }

  voidBodies(until: Seconds): void {
    if (this.ingress.voidBodies(until)) this.tellOfBodies();
  }

  private tellOfBodies(): void {
    const { bodiesStamp: stamp, bodies } = this.ingress.beliefs;
    this.reflex.post({ kind: "bodies", stamp, bodies });
    this.share();
  }

  observeObjects(stamp: Seconds, objects: readonly Belief[]): void {
    if (this.ingress.objects(stamp, objects)) this.share();
  }

  observeWrench(stamp: Seconds, wrench: ArrayLike<number>): void {
    if (this.ingress.wrench(stamp, wrench))
      this.reflex.post({ kind: "wrench", stamp, force: [wrench[0], wrench[1], wrench[2]] });
  }

  observeImage(camera: string, image: Image): void {
    const q = this.ingress.image(camera, image);
    if (q !== undefined) this.perception?.look(image, this.posture.of(q));
  }

  async ready(): Promise<void> {
    prepareExpressions();
    try {
      await Promise.all([this.perception?.started(), ...this.planners.map((p) => p.started())]);
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
    this.task?.decide("NOT_ACTIVE", "the agent was deactivated");
    return this.control.deactivate();
  }

  emergencyStop(): Promise<Outcome> {
    const outcome = this.control.stop();
    this.task?.decide("EMERGENCY_STOP", "emergency stop");
    return outcome;
  }

  controllerFailed(why: string): void {
    this.control.event("fault", `controller: ${why}`);
  }

  controllerHampered(words: string): void {
    this.hampered = words;
  }

  jointSources(words: string): void {
    this.ingress.sources = words;
  }

  reset(): Promise<Outcome> {
    return this.control.reset(this.ingress.needed());
  }

  accomplish(text: string, timeout: Seconds): TaskHandle {
    const name = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    const refused = this.unwilling();
    if (refused !== undefined) return refusedTask(name, ...refused);
    const task = readTask(
      text,
      this.setup,
      this.ingress.beliefs.objects.map((o) => o.id),
    );
    if ("code" in task) return refusedTask(name, task.code, task.message);
    this.task?.decide("PREEMPTED", `preempted by ${task.spec.name}`);
    return this.begin(task.spec, task.definition, timeout > 0 ? timeout : task.spec.timeout);
  }

  async dispose(): Promise<void> {
    this.deactivate();
    await this.control.rest();
    clearInterval(this.timer);
    await Promise.all([this.reflex, this.perception, ...this.planners].flatMap((thread) => thread?.end() ?? []));
    for (const task of this.ending.splice(0)) task.settle();
    this.commands.complete();
    this.plans.complete();
    this.status.complete();
    await this.control.settled();
    await this.log?.close();
  }

  private startPlanners({ planner, record }: AgentParts): void {
    const { setup, shared } = this;
    const { levels } = setup.agent;
    const listener = {
      planned: this.planned.bind(this),
      failed: this.failed.bind(this),
      decided: (bytes: Uint8Array) => record?.(bytes),
    };
    this.planners = levels.map(
      (level, index) =>
        new PlannerThread(
          { setup, shared, deviation: this.ingress.deviation.buffer, index, record: record !== undefined },
          HANG + 2 * (level.deadline ?? level.period),
          listener,
          planner,
        ),
    );
    const folder = learnedFolder(setup.agent);
    this.perception =
      folder === undefined
        ? undefined
        : new PerceptionThread(
            { folder, arm: setup.arm },
            { seen: this.see.bind(this), failed: (why) => (this.blindness = why) },
          );
  }

  /** Why no task can begin now. */
  private unwilling(): [TaskCode, string] | undefined {
    const { mode, report, refusal } = this.control;
    if (refusal !== "")
      return [
        mode !== "latched" ? "NOT_ACTIVE" : report!.by === "emergency_stop" ? "EMERGENCY_STOP" : "GUARDRAIL",
        refusal,
      ];
    if (this.forgetful() !== "") return ["INTERNAL", this.forgetful()];
    const silence = this.ingress.silence();
    return silence && ["STALE_INPUT", silence.why];
  }

  /** Why no task may go on that would not be remembered, where the agent's file says so; "" if it may. */
  private forgetful(): string {
    return this.setup.agent.memory.unlogged === "stop" ? (this.log?.trouble ?? "") : "";
  }

  private begin(spec: TaskSpec, definition: unknown, timeout: Seconds): ActiveTask {
    const generation = ++this.generation;
    const ended = (): void => {
      if (task.decided?.code === "PREEMPTED") task.settle(); // the arm moves on for another
      else this.ending.push(task);
      if (this.task !== task) return;
      this.task = undefined;
      this.announce(undefined, undefined);
    };
    const task: ActiveTask = new ActiveTask(
      spec,
      generation,
      this.arrival(spec),
      this.clock.now(),
      timeout,
      () => this.clock.now(),
      ended,
    );
    this.task = task;
    this.patience = new Patience(this.clock.now());
    this.trips = this.control.report?.trips ?? {};
    this.share();
    const { perception } = this;
    this.lookAgain =
      perception !== undefined && hasPictures(spec)
        ? () => void this.lookAtGoals(task, definition, perception)
        : undefined;
    if (this.lookAgain === undefined) this.announce(spec, definition);
    else this.lookAgain();
    const { begun, name, result } = task;
    this.log?.begin(generation, begun, name, definition);
    void result.then((end) => this.log?.end(generation, begun + end.duration, name, end));
    return task;
  }

  private arrival(spec: TaskSpec): Arrival {
    const { arm, agent } = this.setup;
    const monitor = new GoalMonitor(
      arm,
      spec.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })),
      spec.hold,
    );
    return new Arrival(
      monitor,
      spec.hold,
      tightenLimits(this.setup, spec.guardrails as GuardrailSpec[]).arm.limits,
      agent.reflex.lead + agent.reflex.period,
    );
  }

  /** A task that brings pictures begins once they are understood, and anew when they are understood otherwise. */
  private async lookAtGoals(task: ActiveTask, definition: unknown, perception: PerceptionThread): Promise<void> {
    try {
      const spec = await seeGoals(task.spec, (picture) => perception.see({ stamp: 0, ...picture }));
      if (this.task !== task) return;
      task.arrival = this.arrival(spec);
      this.announce(spec, definition);
    } catch (error) {
      task.decide("INTERNAL", `goal_image: ${(error as Error).message}`);
    }
  }

  /** An image has been understood: what it shows is believed, and planned from. */
  private see(percept: Percept): void {
    const q = this.ingress.jointsAt(percept.stamp);
    if (q === undefined) return;
    this.looked = percept.stamp;
    this.ingress.beliefs.seePercept(percept);
    this.share();
    this.planners[0].post({ kind: "percept", stamp: percept.stamp, z: percept.z, q });
    if (percept.moves === this.moves) return;
    this.moves = percept.moves;
    this.lookAgain?.();
  }

  /** Why an agent that sees to plan cannot. */
  private blind(task: ActiveTask, now: Seconds): Silence | undefined {
    const since = now - Math.max(this.looked, task.begun);
    if (this.perception === undefined || since <= BLIND) return undefined;
    return {
      why:
        `no image of ${this.setup.learned!.camera} for ${since.toFixed(0)} ` +
        `s${this.blindness === "" ? "" : `: ${this.blindness}`}`,
      never: this.looked === -Infinity,
    };
  }

  /** Tells all threads of the task in force; without one they stop planning and the arm brakes to rest. */
  private announce(task: TaskSpec | undefined, definition: unknown): void {
    const generation = task === undefined ? ++this.generation : this.generation;
    this.latest.fill(undefined);
    const written = (definition as { readonly guardrails?: unknown } | undefined)?.guardrails;
    this.reflex.post({
      kind: "task",
      generation,
      guardrails: (task?.guardrails ?? []) as readonly GuardrailSpec[],
      written: written === undefined ? "" : JSON.stringify(written),
      begun: task !== undefined,
    });
    for (const planner of this.planners) planner.post({ kind: "task", generation, task, seed: 1 });
  }

  private hear(report: ReflexReport): void {
    this.control.hear(report);
    if (report.state.next === "latched")
      this.task?.decide(
        report.by === "emergency_stop" ? "EMERGENCY_STOP" : "GUARDRAIL",
        `stopped by ${report.by}${this.hampered && `: ${this.hampered}`}`,
      );
    if (report.idle) for (const task of this.ending.splice(0)) task.settle();
  }

  /** A plan goes down: to the level below, or from the lowest to the reflex. */
  private planned(index: number, generation: number, plan: Plan): void {
    const now = this.clock.now();
    this.levels[index].add(plan, now);
    if (generation !== this.generation || this.task === undefined) return;
    const below = this.planners[index + 1];
    if (below !== undefined) below.post({ kind: "above", generation, plan });
    else if (!this.task.arrival.resting) {
      this.reflex.post({ kind: "plan", generation, plan });
      if (this.setup.learned !== undefined && index > 0) this.planners[0].post({ kind: "followed", generation, plan });
    }
    this.latest[index] = plan;
    this.lastPlanned = plan.level;
    this.patience.plan(this.latest, now);
    if (index === 0) {
      this.task.energy = plan.energy;
      this.task.feasible = plan.feasible;
    }
    this.plans.next(this.latest.filter((p) => p !== undefined));
  }

  private failed(_index: number, generation: number, why: string, code: TaskCode = "INTERNAL"): void {
    if (generation === this.generation) this.task?.decide(code, why);
  }

  private fault(by: string): void {
    this.task?.decide("INTERNAL", by);
    this.control.died(by);
  }

  /** Ten times a second: gives up what cannot succeed, and tells the world. */
  private tell(): void {
    const now = this.clock.now();
    const {
      task,
      control: { report },
    } = this;
    for (const planner of this.planners) planner.watch();
    const { patience } = this,
      hopeless = patience.spent;
    const silence = task && (this.ingress.silence() ?? this.blind(task, now));
    if (task !== undefined && task.decided === undefined) {
      if (now - task.begun > task.timeout)
        task.decide(
          silence ? "STALE_INPUT" : "TIMEOUT",
          `not done after ${task.timeout} s; ${silence?.why ?? this.distance(task) + this.braked()}`,
        );
      else if (silence?.never) task.decide("STALE_INPUT", silence.why);
      else if (this.forgetful() !== "") task.decide("INTERNAL", this.forgetful());
      else if (hopeless !== "") task.decide("NO_PLAN", `${hopeless}; ${this.distance(task)}${this.blocked()}`);
    }
    const margin = Math.min(Infinity, ...(report?.margins ?? []).filter((m) => m.unit === "m").map((m) => m.value));
    task?.feedback.next({
      level: this.lastPlanned,
      subgoal: silence ? `waits: ${silence.why}` : patience.waiting || this.distance(task),
      energy: task.energy,
      progress: task.arrival.monitor.progress,
      margin,
    });
    if (report !== undefined) this.status.next(this.describe(now, report));
  }

  /** The links in each other's way on the plan that came nearest to one. */
  private blocked(): string {
    const plan = this.latest[0],
      { arm, agent } = this.setup;
    return plan === undefined || plan.feasible
      ? ""
      : tellSelfPair(arm, plan.q, agent.guardrails.self_clearance, plan.obstruction?.by === "self_collision");
  }

  private braked(): string {
    return [tellBraking(this.trips, this.control.report?.trips ?? {}), this.hampered]
      .filter(Boolean)
      .map((words) => `; ${words}`)
      .join("");
  }

  /** And what the machine or an input cannot give, where it is that. */
  private distance(task: ActiveTask): string {
    const {
      monitor: { error },
      tried,
    } = task.arrival;
    const now = this.clock.now(),
      busy = this.ingress.hindrance() || strain(this.levels.map((l) => l.status(now)));
    return (
      (Number.isFinite(error)
        ? `${error.toFixed(1)} tolerances from the goal${tried}`
        : "its distance to the goal not yet known") + `${busy && `; ${busy}`}`
    );
  }

  private describe(now: Seconds, report: ReflexReport): AgentStatus {
    const { task, ticks, ingress } = this;
    if (now - ticks.at >= 1 || now < ticks.at)
      this.ticks = { count: report.ticks, at: now, rate: (report.ticks - ticks.count) / (now - ticks.at) };
    const top = this.latest.find((p) => p !== undefined);
    return {
      stamp: now,
      task: task?.name ?? "",
      level: task === undefined ? "" : this.lastPlanned,
      mode: report.state.mode,
      stoppedBy: (task !== undefined && this.patience.waiting) || stopCause(report),
      latch: this.control.latch,
      energy: top?.energy ?? 0,
      energies: top?.energies ?? {},
      progress: task?.arrival.monitor.progress ?? 0,
      margins: report.margins,
      surprise: ingress.body.surprise,
      beliefs: ingress.beliefs.objects,
      levels: this.levels.map((l) => l.status(now)),
      guardrail: { checks: report.checks, limited: report.limited, stopped: report.stopped, trips: report.trips },
      missed: report.missed,
      rate: this.ticks.rate,
      inputs: ingress.ages(),
      bodies: {
        known: ingress.beliefs.bodiesKnown,
        handed: ingress.beliefs.bodies.length,
        hidden: ingress.beliefs.hidden,
      },
      needs: neededInputs(this.setup),
      cameraMoves: this.moves,
      rejected: ingress.rejected,
      lastRejection: ingress.lastRejection,
      hindrance: ingress.silence()?.why ?? ingress.hindrance(),
      unlogged: this.log?.trouble,
    };
  }

  private share(): void {
    const { bodies, objects } = this.ingress.beliefs;
    for (const planner of this.planners) planner.post({ kind: "beliefs", beliefs: { bodies, objects } });
  }
}
