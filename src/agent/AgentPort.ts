import type { Observable } from "rxjs";
import type { Belief } from "../core/Belief.js";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { Image } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { Mode } from "../guardrails/mode.js";
import type { Latch } from "./Latch.js";

/** Joint states as they come over a wire: any order, extra joints allowed. */
export interface JointSample {
  readonly stamp: Seconds;
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>; // rad
  readonly velocities: ArrayLike<number>; // rad/s; may be empty, NaN is not given
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
  readonly energy: number; // of the goal at the end, in tolerances: 0 when it holds, and where it was never measured
  readonly duration: Seconds;
}

export interface TaskFeedback {
  readonly level: string; // the one that last planned
  readonly subgoal: string; // in words: where the arm is heading
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
  readonly recent: Seconds; // of the very last ones, median
  readonly wanted: Seconds; // what one may take
  readonly late: number; // plans that took longer than the level's period
  readonly rollouts: number; // all
}

/** What is in force until a person resets it, and where they do. */
export interface LatchStatus extends Latch {
  readonly resetAt: string; // service
  readonly trouble: string; // why it does not outlive the process, "" if it does
  // why no reset can be served now: whoever holds the latch is silent; absent or "" if one can
  readonly silence?: string;
}

export interface MarginStatus {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What is believed of people and movers. */
export interface BodiesStatus {
  readonly known: number; // regions where somebody may be
  readonly handed: number; // that guardrails look at, those least near put together
  // parts that stay although the last message does not tell of them, the nearest first
  readonly hidden: readonly { readonly id: string; readonly age: Seconds }[];
}

/** What the agent tells of itself, 10 times a second. */
export interface AgentStatus {
  readonly stamp: Seconds;
  readonly task: string; // "" where there is none
  readonly level: string;
  readonly mode: Mode;
  readonly stoppedBy: string; // the guardrail or cause of the stop, or for whom the arm waits; "" while it may move
  readonly latch?: LatchStatus;
  readonly energy: number;
  readonly energies: Readonly<Record<string, number>>;
  readonly progress: number;
  // of the last step; at rest of how the arm stands. Without those that have no number
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
  readonly missed: number; // reflex ticks that came too late, each answered by the fail-safe trajectory
  readonly rate: number; // Hz of reflex ticks
  readonly inputs: Readonly<Record<string, Seconds>>; // ages of joint_states, bodies, objects, wrench, images
  readonly bodies?: BodiesStatus;
  readonly needs: Readonly<Record<string, Seconds>>; // those without which nothing moves, and how old they may be
  // how often the camera of a learned model was found to stand elsewhere than it was believed to
  readonly cameraMoves?: number;
  readonly rejected: number; // messages that failed ingress
  readonly lastRejection: string;
  readonly hindrance?: string; // what is wrong with how needed inputs come, "" if nothing
  readonly unlogged?: string; // why not all is remembered now; "" if it is
}

export interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * The agent as its adapters (ROS 2 node, command line) see it. All calls return at once, some with a promise of the
 * answer; nothing here throws on bad input.
 */
export interface AgentPort {
  /**
   * Each command must be published synchronously when emitted: an emission not published within its time is withdrawn.
   */
  readonly commands: Observable<Command>;
  /** The latest plan of every level, top to bottom, at every replan. */
  readonly plans: Observable<readonly Plan[]>;
  readonly status: Observable<AgentStatus>; // 10 Hz, replays the last
  readonly jointNames: readonly string[];

  observeJoints(sample: JointSample): void;
  observeBodies(stamp: Seconds, bodies: readonly Body[]): void;
  /** The tracker of bodies began anew: what it told up to that moment is void. */
  voidBodies(until: Seconds): void;
  observeObjects(stamp: Seconds, objects: readonly Belief[]): void;
  // [6] force in N, torque in N·m, of the world on the arm
  observeWrench(stamp: Seconds, wrench: ArrayLike<number>): void;
  observeImage(camera: string, image: Image): void;

  /** Resolves once it can plan, or rejects with why it never will: until then it does not activate. */
  ready(): Promise<void>;
  activate(): Outcome;
  deactivate(): Outcome;
  /** Answers once the stop was seen to hold and is kept on disk, or was not seen to within a second. */
  emergencyStop(): Promise<Outcome>;
  /** The arm's controller refused a command that had left, or gave it up: the arm is not on it. Stops and latches. */
  controllerFailed(why: string): void;
  /** What is wrong with the way to the arm's controller, "" if nothing: told with what it leads to. */
  controllerHampered(words: string): void;
  /** What is wrong with who tells of the arm's joints, "" if nothing: told where it keeps a task from its end. */
  jointSources(words: string): void;
  // only from the latch, at rest, with fresh inputs; answers once it was seen to be left, with what had latched
  reset(): Promise<Outcome>;
  /** Begins a task given by name or as YAML text; it preempts the one before. `timeout` ≤ 0 takes the task's own. */
  accomplish(task: string, timeout: Seconds): TaskHandle;
  /** Brakes to rest, ends the threads. */
  dispose(): Promise<void>;
}
