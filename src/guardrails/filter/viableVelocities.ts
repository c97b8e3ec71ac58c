import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * The joint velocities at the end of the next step from which a stop within all limits stays possible for ever
 * (obligation G1).
 *
 * Viable set, period δ:  S = { lo ≤ q ≤ hi, |v| ≤ V; v>0: q + v²/2A + vδ/2 ≤ hi; v<0: q − v²/2A + vδ/2 ≥ lo }.
 * With constant acceleration over the step, q⁺ = q + (v + w)δ/2, the next state stays in S iff w ∈ W,
 *
 *     w_hi = −Aδ + √(A²δ² + 2A·max(0, hi − q − vδ/2)),   w_lo = Aδ − √(A²δ² + 2A·max(0, q − lo + vδ/2))
 *     W    = [max(−V, v − Aδ, w_lo), min(V, v + Aδ, w_hi)]
 *
 * and W ≠ ∅ on S. Outside S (a start beyond a limit, a bound tightened while moving) W is the one velocity of hardest
 * braking. Comparisons are written so that NaN brakes as well.
 *
 * @param lower [nq] out, rad/s
 * @param upper [nq] out, rad/s
 * @param q joint j at q[iq + j], rad; likewise v, rad/s
 * @source proof: docs/safety/argument.md; mapping of actions into such a set: Kiemel & Kröger 2021
 */
export function viableVelocities(
  lower: Float64Array,
  upper: Float64Array,
  q: Float64Array,
  v: Float64Array,
  iq: number,
  limits: JointLimits,
  dt: Seconds,
): void {
  const { lo, hi, velocity, acceleration } = limits;
  for (let j = 0; j < lo.length; j++) {
    const x = q[iq + j];
    const s = v[iq + j];
    const A = acceleration[j];
    const Ad = A * dt;
    const wHi = -Ad + Math.sqrt(Ad * Ad + 2 * A * Math.max(0, hi[j] - x - 0.5 * s * dt));
    const wLo = Ad - Math.sqrt(Ad * Ad + 2 * A * Math.max(0, x - lo[j] + 0.5 * s * dt));
    const a = Math.max(-velocity[j], s - Ad, wLo);
    const b = Math.min(velocity[j], s + Ad, wHi);
    if (a <= b) {
      lower[j] = a;
      upper[j] = b;
    } else {
      lower[j] = upper[j] = brakingVelocity(s, Ad);
    }
  }
}

/** The velocity after one step of hardest braking: v − sgn(v)·min(|v|, Aδ), rad/s; 0 where v is no number. */
export function brakingVelocity(v: number, Ad: number): number {
  if (v > Ad) return v - Ad;
  return v < -Ad ? v + Ad : 0;
}
