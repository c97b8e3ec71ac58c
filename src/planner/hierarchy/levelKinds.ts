import { Kinds } from "../../core/Kinds.js";
import { jointDisplacement } from "./kinds/jointDisplacement.js";
import { jointVelocity } from "./kinds/jointVelocity.js";
import { options } from "./kinds/options.js";
import { toolDisplacement } from "./kinds/toolDisplacement.js";
import type { LevelKind } from "./LevelKind.js";

/** Kinds of levels by their name in `model` of a level. */
export const levelKinds = new Kinds<LevelKind<never>>("model of a level", {
  joint_displacement: jointDisplacement,
  joint_velocity: jointVelocity,
  tool_displacement: toolDisplacement,
  options,
});
