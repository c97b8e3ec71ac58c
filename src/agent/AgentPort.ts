import type { Observable } from "rxjs";
import type { Belief } from "../core/Belief.js";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { HandCommand } from "../core/Hand.js";
import type { Image } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { Thing } from "../core/Thing.js";
import type { Mode } from "../guardrails/mode.js";
import type { Latch } from "./Latch.js";

/** Joint states as received: any order, extra joints allowed. */
export interface JointSample {
  readonly stamp: Seconds;
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>; // rad
  readonly velocities: ArrayLike<number>; // rad/s; may be empty; NaN: not given
  readonly efforts?: ArrayLike<number>; // N·m; absent or empty, or NaN: not given
}

/** Names of result codes; their numbers are those of telos_interfaces/action/Accomplish. */
export type TaskCode =
  | "NONE"
  | "INVALID_TASK"
  | "UNKNOWN_OBJECT"
  | "TIMEOUT"
  | "CANCELED"
  | "PREEMPTED"
  | "GUARDRAIL"
  | "EMERGENCY_STOP"
  | "STALE_INPUT"
  | "NOT_ACTIVE"
  | "NO_PLAN"
  | "INTERNAL";

export interface TaskResult {
  readonly success: boolean;
  readonly code: TaskCode;
  readonly message: string;
  readonly energy: number; // of the goal at the end, in tolerances: 0 if it holds, or was never measured
  readonly duration: Seconds;
}

export interface TaskFeedback {
  readonly level: string; // the level that planned last
  readonly subgoal: string; // in words: where the arm is going
  readonly energy: number; // of the top level's last plan, 0 before there is one
  readonly progress: number; // 0 … 1
  readonly margin: number; // least guardrail margin, m
}

export interface TaskHandle {
  readonly name: string;
  readonly feedback: Observable<TaskFeedback>; // 10 Hz
  readonly result: Promise<TaskResult>; // settles once the arm is at rest; never rejects
  cancel(): void;
}

export interface LevelStatus {
  readonly name: string;
  readonly rate: number; // Hz, over the last second
  readonly plans: number;
  readonly p50: Seconds; // of planning time, over the last plans
  readonly p99: Seconds;
  readonly max: Seconds;
  readonly recent: Seconds; // of the very last plans, median
  readonly wanted: Seconds; // allowed for one
  readonly late: number; // plans that took longer than the level's period
  readonly rollouts: number; // all
}

/** A latch in force, and the service by which a person resets it. */
export interface LatchStatus extends Latch {
  readonly resetAt: string; // service
  readonly trouble: string; // why it does not outlive the process, "" if it does
  // why no reset can be served now: the guard that holds the latch is silent; absent or "" if one can
  readonly silence?: string;
}

export interface MarginStatus {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Beliefs about people and movers. */
export interface BodiesStatus {
  readonly known: number; // regions where a person or mover may be
  readonly handed: number; // bodies that guardrails use; the farthest regions are merged
  // parts that stay although the last message does not report them, the nearest first
  readonly hidden: readonly { readonly id: string; readonly age: Seconds }[];
}

/** The agent's status, 10 times a second. */
export interface AgentStatus {
  readonly stamp: Seconds;
  readonly task: string; // "" if there is none
  readonly level: string;
  readonly mode: Mode;
  readonly stoppedBy: string; // the guardrail or cause of the stop, or what the arm waits for; "" while it may move
  readonly latch?: LatchStatus;
  readonly energy: number;
  readonly energies: Readonly<Record<string, number>>;
  readonly progress: number;
  // of the last step; at rest, of the arm as it stands. Without those that are NaN
  readonly margins: readonly MarginStatus[];
  readonly surprise: number;
  readonly beliefs: readonly Belief[];
  readonly levels: readonly LevelStatus[];
  readonly guardrail: {
    readonly checks: number;
    readonly limited: number;
    readonly stopped: number;
    readonly trips: Readonly<Record<string, number>>;
  };
  readonly missed: number; // reflex ticks that came too late, after each the arm follows its fail-safe trajectory
  readonly rate: number; // Hz of reflex ticks
  readonly inputs: Readonly<Record<string, Seconds>>; // ages of joint_states, bodies, objects, wrench, images
  readonly bodies?: BodiesStatus;
  readonly needs: Readonly<Record<string, Seconds>>; // maximum age of those without which nothing moves
  // how often the camera of a learned model was found to have moved
  readonly cameraMoves?: number;
  readonly rejected: number; // messages that failed ingress
  readonly lastRejection: string;
  readonly hindrance?: string; // what is wrong with the timing or the publishers of needed inputs, "" if nothing
  readonly unlogged?: string; // why not everything is recorded now; "" if it is
}

export interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * The agent as its adapters (ROS 2 node, command line) use it. All calls return at once, some with a promise of the
 * answer; none throws on bad input.
 */
export interface AgentPort {
  /**
   * Each command must be published synchronously when emitted: an emission not published within its time is withdrawn.
   */
  readonly commands: Observable<Command>;
  /** To the hand, of a robot that has one: when a step begins that moves it. No stop changes what it was told. */
  readonly handCommands?: Observable<HandCommand>;
  /** The latest plan of every level, top to bottom, at every replan. */
  readonly plans: Observable<readonly Plan[]>;
  readonly status: Observable<AgentStatus>; // 10 Hz, replays the last
  readonly jointNames: readonly string[];

  observeJoints(sample: JointSample): void;
  observeBodies(stamp: Seconds, bodies: readonly Body[]): void;
  /** The tracker of bodies was restarted: what it reported up to that moment is void. */
  voidBodies(until: Seconds): void;
  /** @param things shapes of objects, if they are told */
  observeObjects(stamp: Seconds, objects: readonly Belief[], things?: readonly Thing[]): void;
  // [6] force in N, torque in N·m, of the world on the arm
  observeWrench(stamp: Seconds, wrench: ArrayLike<number>): void;
  observeImage(camera: string, image: Image): void;

  /** Resolves once the agent can plan, or rejects with the reason why it never will; it does not activate before. */
  ready(): Promise<void>;
  activate(): Outcome;
  deactivate(): Outcome;
  /** Answers once the stop is confirmed and stored on disk, or was not confirmed within a second. */
  emergencyStop(): Promise<Outcome>;
  /** The arm's controller refused or gave up a command that had left, so the arm is not on it. Stops and latches. */
  controllerFailed(why: string): void;
  /** What is wrong with the link to the arm's controller, "" if nothing; reported with its consequences. */
  controllerHampered(words: string): void;
  /** What is wrong with the publishers of the arm's joints, "" if nothing; reported if it keeps a task from its end. */
  jointSources(words: string): void;
  // only from the latch, at rest, with fresh inputs; answers once the latch was left, with its cause
  reset(): Promise<Outcome>;
  /** Begins a task given by name or as YAML text; it preempts the one before. `timeout` ≤ 0 means the task's own. */
  accomplish(task: string, timeout: Seconds): TaskHandle;
  /** Brakes to rest, ends the threads. */
  dispose(): Promise<void>;
}
