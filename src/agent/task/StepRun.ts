import type { HandCommand } from "../../core/Hand.js";
import type { Grip } from "../../core/Step.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { TaskSpec } from "../../cost/index.js";
import { rebased } from "../../planner/task/rebased.js";
import { stillHolds } from "../../planner/task/stillHolds.js";
import type { Failure } from "../../planner/task/TaskInputs.js";
import type { TaskPlan, TaskStep } from "../../planner/task/TaskPlan.js";
import type { TaskCode } from "../AgentPort.js";
import type { Arrival } from "./Arrival.js";
import { gripProgress } from "./gripProgress.js";
import { stepTask } from "./stepTask.js";

const LOOK: Seconds = 0.2; // between two looks whether the rest of the plan still holds
const SETTLE: Seconds = 1; // after the last step, in which the goals must begin to hold
const STUCK: Seconds = 4; // in which a step must come nearer to its end, by a twentieth
const NEARER = 0.95;
const LOST: Seconds = 0.15; // for which a thing must be missing from the hand before it counts as lost
const MOST = 25; // plans of one task
const UNKNOWN: Seconds = 4; // after its begin, in which a task waits for things to be seen and their shapes to be told
const ASK: Seconds = 0.3; // between two plans meanwhile

/** What a plan is asked for. Plain data: it may be sent to another thread. */
export interface StepRequest {
  readonly number: number; // of the plan, from 1
  readonly task: TaskSpec;
  readonly state: State;
  readonly failures: readonly Failure[]; // of the plans before
}

/** What carries out the steps: the levels below, the hand, the task level's planner. */
export interface StepPort {
  /** Asks for a plan; the answer comes by `planned`, at once or later. */
  plan(request: StepRequest): void;
  /** The task of the levels below from now on; undefined: the arm rests. */
  step(task: TaskSpec | undefined, state: State): void;
  /**
   * A command to the hand.
   * @param resting whether the arm has come to rest for it
   * @returns why the hand may not move so, in words; "" if it does; undefined: not now, as the arm is being stopped
   */
  hand(command: HandCommand, step: TaskStep, state: State, resting: boolean): string | undefined;
  /** Whether the arm waits for people to leave. */
  waits?(): boolean;
}

/** How a run ended. */
export interface StepEnd {
  readonly code: TaskCode;
  readonly message: string;
}

/**
 * Carries out the task level's plan, one step after the other, each a task for the levels below:
 *
 *     plan ─▶ step 1 ─▶ … ─▶ step n ─▶ goals hold? ─▶ done
 *      ▲        └── not as foreseen ──┴──── no ───┐
 *      └───────────────────────────────────────────┘
 *
 * It plans anew where the world is not as the rest of the plan needs it, where the hand did not do what it should, and
 * where the levels below find no way. Meanwhile the arm rests. The hand keeps its grip: nothing but a step opens it.
 */
export class StepRun {
  plans = 0;
  private plan: TaskPlan | undefined;
  private index = 0;
  private arrival: Arrival | undefined; // of the step in force; undefined: the arm stays where it is
  private since: Seconds = 0; // when the step, or the wait after the last, began
  private looked: Seconds = -Infinity;
  private nearest = { error: Infinity, since: 0 as Seconds }; // that the step came to its end, and when
  private missing: Seconds | undefined; // since when the thing is not in the hand
  private asked: Seconds | undefined; // when the hand was commanded; undefined: not yet, or nothing is asked
  private readonly failures: Failure[] = [];
  private end: StepEnd | undefined;
  private begun: Seconds = 0;
  private ask: Seconds | undefined; // when to plan again, because something is not known yet

  /**
   * @param goals whether the whole task is done
   * @param arrivalOf the check whether a step's goals hold at rest
   * @param speed m/s, greatest of the hand's aperture
   */
  constructor(
    private readonly task: TaskSpec,
    private readonly goals: Arrival,
    private readonly arrivalOf: (task: TaskSpec) => Arrival,
    private readonly speed: number,
    private readonly port: StepPort,
  ) {}

  /** The step in force. */
  get step(): TaskStep | undefined {
    return this.plan?.steps[this.index];
  }

  /** Its steps and how far they are, in words. */
  get words(): string {
    if (this.plan === undefined) return "plans what to do";
    const { step, plan } = this;
    return step === undefined ? "looks whether all is done" : `${this.index + 1}/${plan.steps.length} ${step.words}`;
  }

  /** Whether the arm comes to rest or rests, and follows no plan. */
  get resting(): boolean {
    return this.arrival?.resting ?? true;
  }

  begin(state: State): void {
    this.begun = state.stamp;
    this.again(state, "");
  }

  /** The answer to the newest request. */
  planned(answer: TaskPlan | StepEnd, state: State): void {
    if ("code" in answer) {
      if (answer.code === "UNKNOWN_OBJECT" && state.stamp - this.begun < UNKNOWN) this.ask = state.stamp + ASK;
      else this.end = answer;
      return;
    }
    this.plan = answer;
    this.enter(0, state);
  }

  /**
   * The levels below find no plan for the step.
   * @returns whether another plan is made
   */
  blocked(words: string, state: State): void {
    this.fail(state, words);
  }

  /**
   * Takes a measured state.
   * @param idle whether no sent command moves the arm
   * @returns how the task ended, undefined while it goes on
   */
  update(state: State, idle: boolean): StepEnd | undefined {
    if (this.ask !== undefined && state.stamp >= this.ask) this.request(state);
    if (this.end !== undefined || this.plan === undefined) return this.end;
    const { step } = this;
    if (step === undefined) return this.finish(state, idle);
    this.goals.monitor.update(state);
    const there = this.arrival?.update(state, idle) ?? idle;
    const grip = this.grip(step, state, there);
    if (typeof grip === "object") {
      this.gripAgain(step, state);
      this.fail(state, grip.failed);
    } else if (there && grip === "reached") this.enter(this.index + 1, state);
    else if (this.isStuck(state)) this.fail(state, `the arm comes no nearer to where it shall ${step.words}`);
    else this.look(state);
    return this.end;
  }

  /** Takes the next step, where the things now are. */
  private enter(index: number, state: State): void {
    const { port } = this;
    this.plan = rebased(this.plan!, index, state);
    [this.index, this.since, this.asked, this.missing] = [index, state.stamp, undefined, undefined];
    this.nearest = { error: Infinity, since: state.stamp };
    const { step } = this;
    const below = step === undefined ? undefined : stepTask(this.task, step);
    this.arrival = below === undefined || below.goal.length === 0 ? undefined : this.arrivalOf(below);
    port.step(below, state);
    if (step?.grip !== undefined && state.held === undefined)
      this.command(step.grip, step, state, this.arrival === undefined);
  }

  /** How far the hand is. One that holds a thing moves only where the arm has come to rest. */
  private grip(step: TaskStep, state: State, there: boolean): ReturnType<typeof gripProgress> {
    if (step.grip === undefined) return "reached";
    if (this.asked === undefined) {
      if (!there) return "moving";
      const refusal = this.command(step.grip, step, state, true);
      if (refusal === undefined) return "moving";
      if (refusal !== "") return { failed: refusal };
    }
    return gripProgress(step.grip, state, state.stamp - this.asked!, this.speed);
  }

  /** @returns as `StepPort.hand` */
  private command({ aperture, force }: Grip, step: TaskStep, state: State, resting: boolean): string | undefined {
    const { stamp } = state,
      refusal = this.port.hand({ stamp, aperture, speed: this.speed, force }, step, state, resting);
    if (refusal === "") this.asked = stamp;
    return refusal;
  }

  /** Whether the arm has come no nearer for a while, though nobody is in its way. */
  private isStuck({ stamp }: State): boolean {
    const { arrival, nearest } = this;
    if (arrival === undefined || arrival.monitor.error <= 1 || this.port.waits?.() === true) nearest.since = stamp;
    else if (arrival.monitor.error < NEARER * nearest.error)
      this.nearest = { error: arrival.monitor.error, since: stamp };
    return stamp - this.nearest.since > STUCK;
  }

  /**
   * Fingers that should have let go and did not: what they hold is to be held again before the arm moves on. They would
   * open on the way as soon as they can.
   */
  private gripAgain(step: TaskStep, state: State): void {
    if (state.held === undefined || step.grip === undefined || step.grip.holds !== undefined) return;
    this.command({ aperture: 0, force: step.grip.force }, step, state, true);
  }

  /** Whether the world still is as the rest of the plan needs it. */
  private look(state: State): void {
    if (state.stamp - this.looked < LOOK && state.stamp >= this.looked) return;
    this.looked = state.stamp;
    const why = stillHolds(this.plan!, this.index, state);
    if (why === "") this.missing = undefined;
    else if (this.missing === undefined) this.missing = state.stamp;
    else if (state.stamp - this.missing >= LOST) this.again(state, why);
  }

  /** After the last step: the goals must hold for their time, where the arm rests. */
  private finish(state: State, idle: boolean): StepEnd | undefined {
    const { goals } = this;
    if (goals.update(state, idle)) return (this.end = { code: "NONE", message: "" });
    if (goals.monitor.error > 1 && state.stamp - this.since > SETTLE)
      this.again(state, `the goals do not hold: ${goals.monitor.error.toFixed(1)} tolerances off`);
    return this.end;
  }

  /** The step failed: the next plan knows of it. */
  private fail(state: State, words: string): void {
    if (this.step !== undefined) this.failures.push({ option: this.step.option, words });
    this.again(state, words);
  }

  private again(state: State, why: string): void {
    if (++this.plans > MOST)
      return void (this.end = { code: "NO_PLAN", message: `planned ${MOST} times; the last time because ${why}` });
    [this.plan, this.arrival, this.missing] = [undefined, undefined, undefined];
    this.port.step(undefined, state);
    this.request(state);
  }

  private request(state: State): void {
    this.ask = undefined;
    this.port.plan({ number: this.plans, task: this.task, state, failures: [...this.failures] });
  }
}
