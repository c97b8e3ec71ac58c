import type { Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { TaskSpec } from "../../cost/index.js";
import type { AgentSetup } from "../setup/AgentSetup.js";

/**
 * What a planning level decided, with all that it decided it from, so that it can be decided again: nothing else enters
 * a search but these, the level's own past since the task, and the clock, whose every reading is kept.
 */
export type Decision =
  | { readonly kind: "task"; readonly index: number; readonly setup: AgentSetup; readonly task: TaskSpec }
  | {
      readonly kind: "plan";
      readonly index: number; // of the level
      readonly from: State;
      readonly above: Plan | undefined;
      readonly warm: Plan | undefined;
      readonly rng: readonly number[]; // its state before
      readonly clock: Float64Array; // s, its readings one after another
      readonly deadline: Seconds;
      readonly haste?: boolean;
      readonly plan: Plan;
    };
