import type { Shape } from "../../core/geometry/Shape.js";
import type { Thing } from "../../core/Thing.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { OptionsConfig } from "./OptionsConfig.js";

/** What stays the same between plans of the task level. Plain data, so a planner's thread can be given it. */
export interface TaskContext {
  readonly arm: Arm; // with a gripper, and the limits used for planning
  readonly fixed: readonly Shape[]; // known geometry, base frame
  readonly fixedIds: readonly string[]; // its names; several parts may share one
  readonly fixedThings: readonly Thing[]; // bins, shelves, tables as things; parts in the base frame
  readonly clearance: number; // m, of the arm from solid things
  readonly releaseHeight: number; // m: from no higher over its support is a thing let go
  readonly payload?: number; // kg, the most that the arm may carry; absent: not declared
  readonly guardrails: readonly GuardrailSpec[]; // the robot's own: workspace, keep-out, tilt
  readonly level: OptionsConfig; // the level's keys in the agent file
}
