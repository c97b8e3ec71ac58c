import { capsuleDistance } from "../core/capsuleDistance.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Guardrail } from "./Guardrail.js";

/**
 * Links that may meet stay apart. Links turn together with all joints before them, so over one interval Δt between knots only the joints
 * between the two links count:
 *
 *     margin = min over intervals, pairs (a, b) of  dist − r_a − r_b − Δt/2 Σ_{j between} |v_j| ℓ_{bj} − clearance   [m]
 *
 * with the distance at the interval's midpoint, r thick enough for the paths' curvature, and ℓ_{bj} the farthest that link b reaches from joint j.
 */
export class SelfCollision implements Guardrail {
  readonly name = "self_collision";
  readonly unit = "m";

  /**
   * @param pairs [2·P] capsule indices, two by two
   * @param links [nc] link of each capsule; joint j lies before link j + 1
   * @param lever [nc,nq] ℓ, m/rad (1 for a sliding joint)
   */
  constructor(
    private readonly pairs: Int32Array,
    private readonly links: Int32Array,
    private readonly lever: Float64Array,
    private readonly clearance: number,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nq, nc, capsules, thickness, v } = r;
    const { pairs, links, lever } = this;
    const half = r.dt / r.sub / 2;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * nc;
        const now = (k * N + n) * nq;
        const next = n + 1 < N ? now + nq : now;
        for (let p = 0; p < pairs.length; p += 2) {
          const [a, b] = links[pairs[p]] <= links[pairs[p + 1]] ? [pairs[p], pairs[p + 1]] : [pairs[p + 1], pairs[p]];
          let travel = 0;
          for (let j = links[a]; j < links[b]; j++) travel += Math.max(Math.abs(v[now + j]), Math.abs(v[next + j])) * lever[b * nq + j];
          const d = capsuleDistance(capsules, 6 * (i + a), thickness[i + a], capsules, 6 * (i + b), thickness[i + b]) - half * travel;
          if (!(d >= worst)) worst = d;
        }
      }
      out[k] = worst - this.clearance;
    }
  }
}
