import type { Rollouts } from "../../core/Rollouts.js";
import { segmentDistance } from "../../core/geometry/segmentDistance.js";
import { boundingBalls } from "./boundingBalls.js";
import type { Guardrail } from "../Guardrail.js";

/**
 * Links that may meet stay apart. Links turn together with all joints before them, so over one interval Δt between
 * knots only the joints between the two links count:
 *
 *     margin = min over intervals, pairs (a, b) of  dist(ā, b̄) − r_a − r_b − Δt/2 Σ_{j between} |v_j| ℓ_{bj} −
 *     clearance   [m]
 *
 * (and Σ_{j between} ε ℓ_{bj} less, ε = `error`: how far joints may be from the path)
 * with ā, b̄ the capsules at the mean of their end points. Proof: let y(t) be the vector between two points of the
 * axes, one of each, in the frame of link a. Its length is the points' distance, and it moves by joints between alone,
 * so |y(t)| ≥ |y₀| − s(0,t) and |y(t)| ≥ |y₁| − s(t,1) with s(0,t) + s(t,1) ≤ Δt Σ |v_j| ℓ_{bj}. Their mean, with |ȳ| ≤
 * ½(|y₀| + |y₁|) in the base frame, is the bound; the paths' curvature is in it.
 */
export class SelfCollision implements Guardrail {
  readonly name = "self_collision";
  readonly unit = "m";
  readonly escapable = true;
  private readonly pairs: Int32Array; // [2·P], the capsule nearer to the base first
  private readonly farther: Int32Array; // those that are second in a pair
  private readonly distance = new Float64Array(1);
  private readonly balls: Float64Array; // [nc,4] scratch
  private readonly turned: Float64Array; // [nq] scratch: ε_j + Δt/2 |v_j|, the speeds being the greater of both knots'
  private readonly travel: Float64Array; // [nc,nq+1] scratch: Σ_{j=l}^{link−1} |v_j| ℓ_{cj}

  /**
   * @param pairs [2·P] capsule indices, two by two
   * @param links [nc] link of each capsule; joint j lies before link j + 1
   * @param radii [nc] m
   * @param lever [nc,nq] ℓ, m/rad (1 for a sliding joint)
   */
  constructor(
    pairs: Int32Array,
    private readonly links: Int32Array,
    private readonly radii: Float64Array,
    private readonly lever: Float64Array,
    private readonly clearance: number,
  ) {
    this.pairs = pairs.slice();
    for (let p = 0; p < pairs.length; p += 2) {
      const swap = links[pairs[p]] > links[pairs[p + 1]] ? 1 : 0;
      this.pairs[p] = pairs[p + swap];
      this.pairs[p + 1] = pairs[p + 1 - swap];
    }
    this.farther = Int32Array.from(new Set(this.pairs.filter((_, i) => i % 2 === 1)));
    this.balls = new Float64Array(4 * links.length);
    this.turned = new Float64Array(lever.length / Math.max(1, links.length));
    this.travel = new Float64Array(links.length + lever.length);
  }

  margin(r: Rollouts, out: Float64Array, K: number, enough = Infinity): void {
    const { N, nq, nc, capsules } = r;
    const { pairs, links, radii, balls, travel, distance, turned } = this;
    const half = r.quasistatic ? 0 : r.dt / r.substeps / 2;
    for (let k = 0; k < K; k++) {
      let worst = enough + this.clearance;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * nc;
        const now = (k * N + n) * nq;
        const next = n + 1 < N ? now + nq : now;
        if (half > 0 || (k === 0 && n === 0)) {
          for (let j = 0; j < nq; j++)
            // behind the last knot there is no interval
            turned[j] = r.error[j] + half * (n + 1 < N ? r.speed(now + j, next + j) : Math.abs(r.v[now + j]));
          this.sumTravel(nq);
        } else for (let j = 0; j < nq; j++) worst += 0 * r.v[now + j]; // NaN stays NaN
        if (pairs.length > 2) boundingBalls(balls, capsules, 6 * i, nc);
        for (let p = 0; p < pairs.length; p += 2) {
          const a = pairs[p],
            b = pairs[p + 1];
          const less = radii[a] + radii[b] + travel[b * (nq + 1) + links[a]];
          const x = balls[4 * a] - balls[4 * b],
            y = balls[4 * a + 1] - balls[4 * b + 1],
            z = balls[4 * a + 2] - balls[4 * b + 2];
          const reach = worst + less + balls[4 * a + 3] + balls[4 * b + 3];
          if (pairs.length > 2 && reach > 0 && x * x + y * y + z * z >= reach * reach) continue;
          segmentDistance(distance, capsules, 6 * (i + a), capsules, 6 * (i + b));
          worst = Math.min(worst, distance[0] - less);
        }
      }
      out[k] = worst - this.clearance;
    }
  }

  parts(): SelfCollision[] {
    return Array.from(
      { length: this.pairs.length / 2 },
      (_, p) =>
        new SelfCollision(this.pairs.slice(2 * p, 2 * p + 2), this.links, this.radii, this.lever, this.clearance),
    );
  }

  /** travel[c,l] = Σ_{j=l}^{link(c)−1} Δt/2 |v_j| ℓ_{cj} */
  private sumTravel(nq: number): void {
    const { travel, lever, links, turned, farther } = this;
    for (let f = 0; f < farther.length; f++) {
      const c = farther[f],
        i = c * nq,
        t = c * (nq + 1);
      let sum = 0;
      travel[t + links[c]] = 0;
      for (let j = links[c] - 1; j >= 0; j--) travel[t + j] = sum += turned[j] * lever[i + j];
    }
  }
}
