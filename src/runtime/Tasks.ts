import type { SharedClock } from "../core/time/SharedClock.js";
import type { HandCommand } from "../core/Hand.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { hasPictures, seeGoals, type TaskSpec } from "../cost/index.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import type { TaskCode, TaskHandle } from "../agent/AgentPort.js";
import { movesThings } from "../agent/movesThings.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { readTask } from "../agent/setup/readTask.js";
import { ActiveTask, refusedTask } from "../agent/task/ActiveTask.js";
import { Patience } from "../agent/task/Patience.js";
import { arrivalOf } from "../agent/task/arrivalOf.js";
import type { StepEnd, StepRun } from "../agent/task/StepRun.js";
import { stepRunOf } from "../agent/task/stepRunOf.js";
import type { Ingress } from "./ingress/Ingress.js";
import { logTrouble } from "./logTrouble.js";
import type { ReflexControl } from "./ReflexControl.js";
import type { Wiring } from "./Wiring.js";

/**
 * The life of a task: it is accepted or refused, prepared, sent to all threads, decided once, and settled when the arm
 * is at rest.
 *
 * A task's generation marks all that is made for it; results of another generation are ignored.
 */
export class Tasks {
  current: ActiveTask | undefined;
  patience = new Patience(0);
  planner = ""; // level that last planned
  hampered = ""; // what is wrong with the link to the arm's controller
  /** The newest plan of each level, top to bottom, for the task in force. */
  readonly plans: (Plan | undefined)[];
  /** How often each cause had held the arm back when the task began. */
  trips: ReflexReport["trips"] = {};
  private generation = 0;
  private readonly ending: ActiveTask[] = []; // decided, the arm not yet at rest
  private prepareAgain: (() => void) | undefined; // of the newest task, if it brings pictures

  constructor(
    private readonly setup: AgentSetup,
    private readonly clock: SharedClock,
    private readonly log: EpisodeLog | undefined,
    private readonly ingress: Ingress,
    private readonly control: ReflexControl,
    private readonly wiring: Wiring,
    private readonly hand: (command: HandCommand) => void,
  ) {
    this.plans = setup.agent.levels.map(() => undefined);
  }

  /** Begins a task, which preempts the one before. An impossible task is refused with the reason. */
  accept(text: string, timeout: Seconds): TaskHandle {
    const name = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    const refused = this.unwilling();
    if (refused !== undefined) return refusedTask(name, ...refused);
    const { objects, things } = this.ingress.beliefs;
    const believed = objects.map((o) => o.id);
    const task = readTask(text, this.setup, believed, [...things.values()]);
    if ("code" in task) return refusedTask(name, task.code, task.message);
    this.decide("PREEMPTED", `preempted by ${task.spec.name}`);
    return this.begin(task.spec, task.definition, timeout > 0 ? timeout : task.spec.timeout);
  }

  /** The first decision stands; the planners stop at once, and the arm brakes. */
  decide(code: TaskCode, message: string): void {
    this.current?.decide(code, message);
  }

  /** The task in force if the generation is its own; results of another are ignored. */
  of(generation: number): ActiveTask | undefined {
    return generation === this.generation ? this.current : undefined;
  }

  /**
   * Joint states have come: is the task done? Once its goals hold, the reflex brings the arm to rest and gets no more
   * plans until it goes on.
   */
  measured(): void {
    const { current: task, ingress } = this;
    if (task === undefined) return;
    const { steps, arrival } = task,
      rested = (steps ?? arrival).resting,
      idle = this.control.report?.idle ?? false,
      state = ingress.body.state(ingress.beliefs);
    const done = steps === undefined && arrival.update(state, idle),
      end = done ? DONE : steps?.update(state, idle);
    if (end !== undefined) task.decide(end.code, end.message);
    else if ((steps ?? arrival).resting && !rested) this.wiring.rest(this.generation, movesThings(task.spec));
  }

  /** A level's thread failed, or a level finds no way: with steps there may be others. */
  failed(generation: number, why: string, code: TaskCode = "INTERNAL"): void {
    const task = this.of(generation);
    if (task === undefined) return;
    if (code === "NO_PLAN" && task.steps !== undefined) this.blocked(task.steps, why);
    else task.decide(code, why);
  }

  /** No admissible plan for too long. */
  hopeless(task: ActiveTask, why: string): void {
    if (task.steps === undefined) task.decide("NO_PLAN", why);
    else this.blocked(task.steps, why);
  }

  /** A level has planned for the task in force. */
  planned(task: ActiveTask, index: number, plan: Plan, now: Seconds): void {
    this.plans[index] = plan;
    this.planner = plan.level;
    this.patience.plan(this.plans, now);
    if (index > 0) return;
    task.energy = plan.energy;
    task.feasible = plan.feasible;
  }

  /** The reflex has reported: a latch decides the task, rest settles a decided one. */
  reported(report: ReflexReport): void {
    if (report.state.next === "latched")
      this.decide(codeOfLatch(report), `stopped by ${report.by}${this.hampered && `: ${this.hampered}`}`);
    if (report.idle) this.settle();
  }

  /** The camera was found to have moved: a task that brings pictures is prepared again. */
  cameraMoved(): void {
    this.prepareAgain?.();
  }

  /** The arm is at rest, or will never report again. */
  settle(): void {
    for (const task of this.ending.splice(0)) task.settle();
  }

  /** Why no task can begin now. */
  private unwilling(): [TaskCode, string] | undefined {
    const { mode, report, refusal } = this.control;
    if (refusal !== "") return [mode === "latched" ? codeOfLatch(report!) : "NOT_ACTIVE", refusal];
    const trouble = logTrouble(this.setup, this.log);
    if (trouble !== "") return ["INTERNAL", trouble];
    const silence = this.ingress.silence();
    return silence && ["STALE_INPUT", silence.why];
  }

  private begin(spec: TaskSpec, definition: unknown, timeout: Seconds): ActiveTask {
    const generation = ++this.generation,
      now = (): Seconds => this.clock.now();
    const task: ActiveTask = new ActiveTask(spec, generation, arrivalOf(this.setup, spec), now(), timeout, now, () =>
      this.ended(task),
    );
    this.current = task;
    this.patience = new Patience(now());
    this.trips = this.control.report?.trips ?? {};
    this.wiring.beliefs();
    this.prepareAgain =
      this.wiring.perceives && hasPictures(spec) ? () => void this.prepare(task, definition) : undefined;
    if (this.setup.agent.planner !== undefined) this.beginSteps(task);
    else if (this.prepareAgain === undefined) this.announce(spec, definition);
    else this.prepareAgain();
    const { begun, name, result } = task;
    this.log?.begin(generation, begun, name, definition);
    void result.then((end) => this.log?.end(generation, begun + end.duration, name, end));
    return task;
  }

  /** The task level plans what to do; each step is a task for the levels below. */
  private beginSteps(task: ActiveTask): void {
    const { setup, ingress, wiring } = this;
    const state = (): State => ingress.body.state(ingress.beliefs);
    task.steps = stepRunOf({
      setup,
      task: task.spec,
      goals: task.arrival,
      mode: () => this.control.mode,
      port: {
        plan: (request) =>
          wiring.planSteps(request, (answer) => this.current === task && task.steps!.planned(answer, state())),
        step: (below) => this.enter(task, below),
        waits: () => this.patience.waiting !== "",
        hand: (command) => {
          ingress.hand!.expect(command);
          this.hand(command);
          return "";
        },
      },
    });
    task.steps.begin(state());
  }

  /** The levels get a step as their task, under a generation of its own; undefined: they rest. */
  private enter(task: ActiveTask, below: TaskSpec | undefined): void {
    task.generation = ++this.generation;
    this.patience = new Patience(this.clock.now());
    const { goal } = below ?? { goal: [] };
    this.announce(below, below && { guardrails: below.guardrails }, goal.length === 0);
  }

  private blocked(steps: StepRun, why: string): void {
    steps.blocked(why, this.ingress.body.state(this.ingress.beliefs));
  }

  /** A task that brings pictures begins once they are encoded, and again when their encoding changes. */
  private async prepare(task: ActiveTask, definition: unknown): Promise<void> {
    try {
      const spec = await seeGoals(task.spec, (picture) => this.wiring.encodePicture({ stamp: 0, ...picture }));
      if (this.current !== task) return;
      task.arrival = arrivalOf(this.setup, spec);
      this.announce(spec, definition);
    } catch (error) {
      task.decide("INTERNAL", `goal_image: ${(error as Error).message}`);
    }
  }

  private ended(task: ActiveTask): void {
    if (task.decided?.code === "PREEMPTED") task.settle(); // the arm goes on with another task
    else this.ending.push(task);
    if (this.current !== task) return;
    this.current = undefined;
    this.generation++;
    this.announce(undefined, undefined);
  }

  /**
   * Sends the task in force to all threads; without one they stop planning and the arm brakes to rest.
   * @param still its guardrails are in force, and nothing is planned: the arm stays where it is
   */
  private announce(task: TaskSpec | undefined, definition: unknown, still = false): void {
    this.plans.fill(undefined);
    this.wiring.task(this.generation, task, definition, still);
  }
}

const DONE: StepEnd = { code: "NONE", message: "" };

const codeOfLatch = ({ by }: ReflexReport): TaskCode => (by === "emergency_stop" ? "EMERGENCY_STOP" : "GUARDRAIL");
