import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * For a quasistatic path: the time until the arm is at rest if it is to stop at a knot, s: the latency, and the longest
 * of its joints' stops from their speeds there, max_j |v_j| / acceleration_j. Fills r.exposure [K,N].
 */
export function fillExposure(r: Rollouts, K: number, acceleration: Float64Array, latency: Seconds): void {
  const { v, nq, exposure } = r;
  for (let m = 0; m < K * r.N; m++) {
    let stop = 0;
    for (let j = 0, i = m * nq; j < nq; j++) stop = Math.max(stop, Math.abs(v[i + j]) / acceleration[j]);
    exposure[m] = latency + stop;
  }
}
