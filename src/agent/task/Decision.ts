import type { Plan } from "../../core/Plan.js";
import type { TaskSpec } from "../../cost/index.js";
import type { PlanInputs } from "../../planner/hierarchy/LevelRunner.js";
import type { AgentSetup } from "../setup/AgentSetup.js";

/**
 * What a planning level decided, with all that it decided it from, so that it can be decided again: nothing else enters
 * a search but these, the level's own past since the task, and the clock, whose every reading is kept.
 */
export type Decision =
  | { readonly kind: "task"; readonly index: number; readonly setup: AgentSetup; readonly task: TaskSpec }
  | (PlanInputs & {
      readonly kind: "plan";
      readonly index: number; // of the level
      readonly clock: Float64Array; // s, its readings one after another
      readonly plan: Plan;
    });
