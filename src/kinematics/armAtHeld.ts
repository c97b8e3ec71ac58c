import { mulTransform } from "../core/geometry/mulTransform.js";
import type { Arm } from "./Arm.js";

/** The arm with the frame of the thing in its hand for its tool; the same arm if it holds nothing. */
export const armAtHeld = (arm: Arm): Arm =>
  arm.held === undefined
    ? arm
    : { ...arm, toolOffset: mulTransform(new Float64Array(12), 0, arm.toolOffset, 0, arm.held.pose, 0) };
