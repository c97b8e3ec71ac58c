/**
 * `telos/planner`: search over a world model. A level plans a* = argmin_a E(predict(x, a)), a ∈ [−1,1]^{H×nu}, for any
 * model, costs and guardrails.
 *
 * ```ts
 * const model = new JointDisplacement(arm.limits, new Sweep(arm), 0.5, 4, 0.04);
 * const level = createLevel({ arm, model, horizon: 8, goals: [new ToolPose(place)] });
 * const plan = await planFrom(level, arm.home); // nothing moves
 * ```
 * Run: examples/08_your_own_world_model
 */
export { createLevel, type LevelChoice } from "./createLevel.js";
export { planFrom } from "./planFrom.js";
export { restingAt } from "./restingAt.js";
export type { Level } from "../planner/hierarchy/Level.js";
export { levelKinds } from "../planner/hierarchy/levelKinds.js";
export type { LevelContext, LevelKind, LevelTime } from "../planner/hierarchy/LevelKind.js";
export { searches } from "../planner/search/searches.js";
export type { WeightedCost } from "../planner/Objective.js";
export { Cem, type CemOptions } from "../planner/search/Cem.js";
export { Mppi, type MppiOptions } from "../planner/search/Mppi.js";
export type { Problem, Search, SearchKind, SearchOptions, Solution } from "../planner/search/Search.js";
export type { Predictor } from "../worldmodel/Predictor.js";
export { JointDisplacement } from "../worldmodel/analytic/JointDisplacement.js";
export { JointVelocity } from "../worldmodel/analytic/JointVelocity.js";
export type { Plan } from "../core/Plan.js";
export type { Rollouts } from "../core/Rollouts.js";
export type { State } from "../core/State.js";
