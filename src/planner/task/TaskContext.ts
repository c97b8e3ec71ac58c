import type { Shape } from "../../core/geometry/Shape.js";
import type { Thing } from "../../core/Thing.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { OptionsConfig } from "./OptionsConfig.js";

/** The guardrail that is nearest to being broken by an arm at rest in q [nq]; all are kept iff its value is ≥ 0. */
export type PostureCheck = (q: Float64Array) => { readonly name: string; readonly value: number };

/** What stays the same between plans of the task level. */
export interface TaskContext {
  readonly arm: Arm; // with a gripper, and the limits used for planning
  readonly fixed: readonly Shape[]; // known geometry, base frame
  readonly fixedIds: readonly string[]; // its names; several parts may share one
  readonly fixedThings: readonly Thing[]; // bins, shelves, tables as things; parts in the base frame
  readonly clearance: number; // m, of the arm from solid things
  readonly releaseHeight: number; // m: from no higher over its support is a thing let go
  readonly payload?: number; // kg, the most that the arm may carry; absent: not declared
  /** The guardrails of the levels below: the robot's, and some further ones of a step. */
  readonly posture: (rules: readonly GuardrailSpec[]) => PostureCheck;
  readonly level: OptionsConfig; // the level's keys in the agent file
}
