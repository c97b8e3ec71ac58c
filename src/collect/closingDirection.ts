import { mulTransform } from "../core/geometry/mulTransform.js";
import type { Arm } from "../kinematics/Arm.js";
import { Kinematics } from "../kinematics/Kinematics.js";
import { padsAt } from "../kinematics/gripper/padsAt.js";

/** The direction in which the pads close at home, seen from above: a unit vector [x, y] of the base frame. */
export function closingDirection(arm: Arm): readonly [number, number] {
  const { tool } = new Kinematics(arm); // stands at home
  const { apertures } = arm.gripper!;
  const pads = padsAt(arm.gripper!, apertures[apertures.length - 1], new Float64Array(12));
  mulTransform(pads, 0, tool, 0, pads, 0);
  const length = Math.hypot(pads[1], pads[5]);
  return length > 0 ? [pads[1] / length, pads[5] / length] : [0, 1];
}
