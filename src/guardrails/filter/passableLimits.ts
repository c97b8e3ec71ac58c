import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * Limits for paths of constant acceleration over steps of T, such that a joint whose jerk is limited can pass through
 * every knot of them: the greatest change of velocity over a step that begins and ends without acceleration is A'T,
 *
 *     A' = A (1 − A/JT)  where T ≥ 2A/J,   else  JT/4
 *
 * Its acceleration is a trapezoid (a triangle) and symmetric in time, so it goes as far as the constant one: q⁺ = q +
 * (v + w)T/2. In between the two ways differ by at most A'T²/24.
 */
export function passableLimits(limits: JointLimits, T: Seconds): JointLimits {
  const { acceleration, jerk } = limits;
  if (jerk === undefined) return limits;
  return {
    ...limits,
    acceleration: acceleration.map((A, j) => (jerk[j] * T >= 2 * A ? A * (1 - A / (jerk[j] * T)) : (jerk[j] * T) / 4)),
  };
}
