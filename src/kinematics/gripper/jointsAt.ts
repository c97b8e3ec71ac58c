import type { Gripper } from "../Gripper.js";
import { placeOf } from "./placeOf.js";

/**
 * The driven joints [joints], rad (m if prismatic), that bring the pads to an aperture, m; beyond the hand's range they
 * are at its end.
 */
export function jointsAt(
  gripper: Gripper,
  aperture: number,
  out: Float64Array = new Float64Array(gripper.jointNames.length),
): Float64Array {
  const { joints, jointNames } = gripper,
    n = jointNames.length,
    place = placeOf(gripper, aperture);
  const row = Math.min(Math.floor(place), gripper.apertures.length - 2),
    share = place - row;
  for (let j = 0; j < n; j++) out[j] = joints[row * n + j] + share * (joints[(row + 1) * n + j] - joints[row * n + j]);
  return out;
}
