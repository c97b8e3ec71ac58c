/**
 * `telos/cost`: goals and costs. A goal is a residual r(x) to be brought to zero, in units of its tolerance; a cost is
 * a number ≥ 0 for each predicted path, lower is better.
 *
 * ```ts
 * class High implements CostTerm {
 *   readonly name = "high";
 *   evaluate({ N, tool }: Rollouts, out: Float64Array, K: number): void {
 *     for (let k = 0; k < K; k++) out[k] = Math.max(0, 0.5 - tool[((k + 1) * N - 1) * 12 + 11]) ** 2; // m²
 *   }
 * }
 * ```
 * Run: examples/04_your_cost
 */
export type { CostTerm } from "../cost/CostTerm.js";
export type { Residual } from "../cost/Residual.js";
export type { KnotView } from "../cost/KnotView.js";
export { ResidualCost, type ResidualCostOptions } from "../cost/terms/ResidualCost.js";
export { ToolPose, type ToolPoseConfig } from "../cost/goals/ToolPose.js";
export { costs, goals } from "../cost/plugins.js";
export type { BindContext, CreateContext, GoalPlugin, Plugin } from "../cost/Plugin.js";
export { BindError } from "../cost/BindError.js";
export type { TaskSpec } from "../cost/bind.js";
export type { Rollouts } from "../core/Rollouts.js";
