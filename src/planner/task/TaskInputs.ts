import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Clock } from "../../core/time/Clock.js";
import type { GoalSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";

/** An option that was tried and failed: the next plan takes another way where there is one. */
export interface Failure {
  readonly option: string; // `Step.option` of the step that failed
  readonly words: string; // what was wrong
}

/** What one plan of the task level is made from. */
export interface TaskInputs {
  readonly state: State; // with beliefs, the shapes of things, the hand and what it holds
  readonly goals: readonly GoalSpec[];
  readonly guardrails: readonly GuardrailSpec[]; // the task's
  readonly clock: Clock;
  readonly deadline: Seconds; // on that clock
  readonly rng: Rng;
  readonly failures?: readonly Failure[]; // of this task so far, oldest first
}
