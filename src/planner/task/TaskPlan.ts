import type { Held } from "../../core/Held.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Step } from "../../core/Step.js";
import type { GoalSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";

/** A step of the task level, for the level below. */
export type TaskStep = Step<GoalSpec, GuardrailSpec>;

/** What options there are. */
export type OptionKind = "grasp" | "place" | "reach" | "look" | "wait";

/** A pose as position (m, base frame) and quaternion x, y, z, w. */
export interface Place {
  readonly position: readonly [number, number, number];
  readonly orientation: readonly [number, number, number, number];
}

/** An option as planned: which steps are its own, and what it takes to be true before it. Plain data. */
export interface PlannedOption {
  readonly kind: OptionKind;
  readonly words: string; // "put cup1 into the bin"
  readonly first: number; // index of its first step; its last one comes before the next option's first
  readonly thing?: string; // id of what it takes or puts
  readonly held?: Held; // how the thing lies in the hand, after a grasp, or before a place
  readonly to?: Place; // where a place puts the thing
  readonly beside?: string; // id of the movable thing that the place is on, in or beside: `to` moves with it
  readonly before: Readonly<Record<string, Place>>; // where things are before it; not of the held one
}

/** The task level's plan: steps, one after the other. Plain data. */
export interface TaskPlan {
  readonly steps: readonly TaskStep[];
  readonly options: readonly PlannedOption[];
  readonly cost: Seconds; // expected time of the whole
  readonly bound: Seconds; // no plan of these options takes less
  readonly proven: boolean; // nothing better was left to look at
  readonly expanded: number; // worlds from which options were tried
  readonly time: Seconds; // of the search
}

/** Why there is no plan, before anything moves. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly why: string; // for people, with the number: "cup1 is 9.0 cm wide, the hand opens 8.0 cm"
}

export type RefusalCode =
  | "NO_HAND"
  | "UNKNOWN_THING" // not believed anywhere, or its shape is not known
  | "UNKNOWN_GOAL" // that no option leads to
  | "TOO_WIDE"
  | "TOO_HEAVY"
  | "OUT_OF_REACH"
  | "NO_ROOM" // at the place where it shall be
  | "BLOCKED" // and what blocks it cannot be moved
  | "NO_TIME" // the deadline came before the first plan
  | "NO_PLAN";

/** Whether it is a refusal. */
export const isRefusal = (result: TaskPlan | Refusal): result is Refusal => "code" in result;
