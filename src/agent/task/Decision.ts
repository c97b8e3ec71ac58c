import type { Plan } from "../../core/Plan.js";
import type { TaskSpec } from "../../cost/index.js";
import type { PlanInputs } from "../../planner/hierarchy/LevelRunner.js";
import type { AgentSetup } from "../setup/AgentSetup.js";

/**
 * A decision of a planning level with all its inputs, so that it can be repeated. A search depends only on these, on
 * the level's own past since the task began, and on the clock, whose every reading is kept.
 */
export type Decision =
  | { readonly kind: "task"; readonly index: number; readonly setup: AgentSetup; readonly task: TaskSpec }
  | (PlanInputs & {
      readonly kind: "plan";
      readonly index: number; // of the level
      readonly clock: Float64Array; // s, its readings one after another
      readonly plan: Plan;
    });
