/** A goal, or a guardrail, as bound to an agent: `GoalSpec` of the cost room, `GuardrailSpec` of the guardrail room. */
export interface Bound {
  readonly kind: string;
}

/** What the hand does in a step: where the pads go, and whether they must hold something then. */
export interface Grip {
  readonly aperture: number; // m
  readonly force: number; // N
  readonly holds?: string; // id of the thing that must be held at the step's end; absent: nothing is asked
}

/**
 * One step of the task level's plan: a small task for the level below. It is done once its goals hold at rest and its
 * grip is reached.
 */
export interface Step<Goal extends Bound = Bound, Rule extends Bound = Bound> {
  readonly option: string; // that it belongs to: "grasp cup1"
  readonly name: string; // "approach", "descend", "close", …
  readonly words: string; // what it does, for people
  readonly goal: readonly Goal[]; // empty: the arm stays where it is
  readonly costs?: readonly (Goal & { readonly weight: number })[]; // how the arm goes there, besides the task's own
  readonly guardrails: readonly Rule[]; // for its time, in addition to the task's
  readonly grip?: Grip; // absent: the hand stays as it is
}
