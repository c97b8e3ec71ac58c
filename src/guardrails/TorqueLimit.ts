import type { Rollouts } from "../core/Rollouts.js";
import type { Arm } from "../kinematics/Arm.js";
import { InverseDynamics } from "../kinematics/InverseDynamics.js";
import type { Guardrail } from "./Guardrail.js";

/**
 * No joint needs more torque than it has, with what the arm carries:
 *
 *     margin = min over knots, joints of  (1 − ρ) τ_max,j − |M(q)·a + h(q, v)|_j   [N·m; N of a sliding joint]
 *
 * Accelerations jump at knots, so both sides of each are looked at; what the torque may do between knots is within the reserve ρ (tested densely
 * at 10 ms). Friction is not in it. Of paths whose velocities are means (`Rollouts.quasistatic`) the weight alone counts.
 */
export class TorqueLimit implements Guardrail {
  readonly name = "torque";
  readonly unit = "Nm";
  readonly escapable = false;
  private readonly dynamics: InverseDynamics;
  private readonly bound: Float64Array; // [nq]
  private readonly q: Float64Array; // [nq] scratch, as are v and a
  private readonly v: Float64Array;
  private readonly a: Float64Array;

  /** @param arm with its payload (`withPayload`) @param reserve ρ ∈ (0,1) */
  constructor(arm: Arm, reserve: number) {
    this.dynamics = new InverseDynamics(arm);
    this.bound = arm.limits.effort.map((t) => (1 - reserve) * t);
    this.q = new Float64Array(arm.nq);
    this.v = new Float64Array(arm.nq);
    this.a = new Float64Array(arm.nq);
  }

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nq, v, drive } = r;
    const { a } = this;
    const h = r.dt / r.sub;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * nq;
        if (r.quasistatic || N === 1) {
          a.fill(0);
          worst = Math.min(worst, this.room(r, i, 0));
        } else if (n > 0) {
          for (let j = 0; j < nq; j++) a[j] = drive === undefined ? (v[i + j] - v[i - nq + j]) / h : drive.begin[i - nq + j];
          const begin = this.room(r, i - nq, 1);
          if (drive !== undefined) for (let j = 0; j < nq; j++) a[j] = drive.end[i - nq + j];
          worst = Math.min(worst, begin, this.room(r, i, 1));
        }
      }
      out[k] = worst;
    }
  }

  /** What is left of the weakest joint's torque at the knot from offset i, with accelerations `a` and `moving` (0 or 1) times its velocities. */
  private room(r: Rollouts, i: number, moving: number): number {
    const { q, v, a, bound, dynamics } = this;
    for (let j = 0; j < q.length; j++) (q[j] = r.q[i + j]), (v[j] = moving * r.v[i + j]);
    const torque = dynamics.compute(q, v, a, 0);
    let worst = Infinity;
    for (let j = 0; j < q.length; j++) worst = Math.min(worst, bound[j] - Math.abs(torque[j]));
    return worst;
  }
}
