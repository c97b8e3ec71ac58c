import type { JointLimits } from "../../core/JointLimits.js";
import type { Arm } from "../../kinematics/Arm.js";

const GRAVITY = 9.81; // m/s²
const SHARE = 0.5; // of the angle, for accelerations of the joints; the rest is for the cup's own tilt and for rotation

/**
 * Accelerations at which a liquid stays in its cup, so that the fail-safe trajectory alone, which brakes as hard as
 * possible, spills nothing. All are scaled by one factor so that the tool's acceleration, in any posture, tilts the
 * apparent vertical by at most half the allowed angle θ,
 *
 *     s = min(1, g tan(θ/2) / Σ_j ℓ_j A_j),   ‖Σ_j J_j q̈_j‖ ≤ Σ_j ℓ_j |q̈_j|,   ℓ_j the largest distance of the tool
 *     from joint j
 *
 * The effect of velocities (centripetal) and the orientation of the cup are not bounded here: the guardrail `Spill`
 * evaluates the actual motion.
 */
export function calmLimits(arm: Arm, limits: JointLimits, max: number): JointLimits {
  const { origins, toolOffset, kinds, nq } = arm;
  let reach = Math.hypot(toolOffset[3], toolOffset[7], toolOffset[11]),
    sum = 0;
  for (let j = nq - 1; j >= 0; j--) {
    const slides = kinds[j] === "prismatic";
    if (slides) reach += Math.max(Math.abs(limits.lo[j]), Math.abs(limits.hi[j]));
    sum += (slides ? 1 : reach) * limits.acceleration[j];
    reach += Math.hypot(origins[12 * j + 3], origins[12 * j + 7], origins[12 * j + 11]);
  }
  const scale = Math.min(1, (GRAVITY * Math.tan(SHARE * max)) / sum);
  return scale === 1 ? limits : { ...limits, acceleration: limits.acceleration.map((A) => scale * A) };
}
