import type { Gripper } from "../Gripper.js";
import { jointsAt } from "./jointsAt.js";

const STEP = 1e-4; // m

/**
 * By how much the aperture changes with each driven joint [joints], m/rad (m/m if prismatic), where all move together:
 * |∂a/∂q_j|. By virtual work, n joints with τ_j = F/n · |∂a/∂q_j| press the pads together with F.
 */
export function padLever(gripper: Gripper, aperture: number): Float64Array {
  const { apertures } = gripper,
    low = Math.max(apertures[0], Math.min(apertures[apertures.length - 1] - STEP, aperture));
  const a = jointsAt(gripper, low),
    b = jointsAt(gripper, low + STEP);
  return a.map((q, j) => Math.abs(STEP / (b[j] - q)));
}
