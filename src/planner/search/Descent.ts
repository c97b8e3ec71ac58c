import { solvePositive } from "../../core/math/solvePositive.js";
import type { State } from "../../core/State.js";
import type { KnotView } from "../../cost/KnotView.js";
import type { Residual } from "../../cost/Residual.js";
import { worstBlock } from "../../cost/terms/ResidualCost.js";
import type { Arm } from "../../kinematics/Arm.js";
import { Kinematics } from "../../kinematics/Kinematics.js";

/**
 * The nearest state that satisfies the goals, by gradient: Levenberg–Marquardt on ½ Σ‖r(q)‖² within the joint limits,
 *
 *     (JᵀJ + λI) Δq = −Jᵀr,   q ← clip(q + Δq, lo, hi)
 *
 * A few 7×7 systems; it proposes where a search may end, and the search decides whether and how.
 */
export class Descent {
  private readonly kinematics: Kinematics;
  private readonly x: KnotView;
  private readonly dim: number;
  private readonly r: Float64Array;
  private readonly J: Float64Array; // [dim,nq]
  private readonly A: Float64Array; // [nq,nq]
  private readonly g: Float64Array; // [nq]
  private readonly trial: Float64Array; // [nq]

  constructor(
    private readonly arm: Arm,
    private readonly residuals: readonly Residual[],
  ) {
    const n = arm.nq;
    this.kinematics = new Kinematics(arm);
    this.dim = residuals.reduce((sum, r) => sum + r.dim, 0);
    this.r = new Float64Array(this.dim);
    this.J = new Float64Array(this.dim * n);
    this.A = new Float64Array(n * n);
    this.g = new Float64Array(n);
    this.trial = new Float64Array(n);
    this.x = {
      q: this.trial,
      v: new Float64Array(n),
      iq: 0,
      tool: this.kinematics.tool,
      it: 0,
      J: new Float64Array(6 * n),
      from: undefined as unknown as State,
    };
  }

  /** Moves q [nq] downhill in place. @returns the largest block norm left: ≤ 1 iff every goal holds. */
  solve(q: Float64Array, from: State, iterations = 60): number {
    const { arm, A, g, trial } = this;
    const { lo, hi } = arm.limits;
    const n = arm.nq;
    let lambda = 1e-2;
    let energy = this.measure(q, from, true);
    for (let i = 0; i < iterations && energy > 1e-6; i++) {
      this.normalEquations(lambda);
      if (!solvePositive(A, g, n)) return Infinity;
      for (let j = 0; j < n; j++) trial[j] = Math.max(lo[j], Math.min(hi[j], q[j] - g[j]));
      const next = this.measure(trial, from, false);
      if (next < energy) {
        q.set(trial);
        const gain = energy - next;
        energy = this.measure(q, from, true);
        lambda = Math.max(1e-9, lambda / 4);
        if (gain < 1e-9 * energy) break;
      } else {
        lambda *= 6;
        if (lambda > 1e8) break;
      }
    }
    return this.worstBlock(q, from);
  }

  /** The largest block norm at q: the distance to the goals, in tolerances; NaN if one has no value. */
  worstBlock(q: Float64Array, from: State): number {
    this.measure(q, from, false);
    let worst = 0;
    let i = 0;
    for (const { blocks, dim } of this.residuals) {
      worst = Math.max(worst, worstBlock(blocks, this.r.subarray(i, (i += dim))));
    }
    return worst;
  }

  private measure(q: Float64Array, from: State, derive: boolean): number {
    const { x, kinematics } = this;
    kinematics.forward(q, 0);
    if (derive) kinematics.jacobian(x.J);
    x.q = q;
    x.from = from;
    let energy = 0;
    let i = 0;
    for (const residual of this.residuals) {
      const end = i + residual.dim;
      residual.evaluate(
        x,
        this.r.subarray(i, end),
        derive ? this.J.subarray(i * this.arm.nq, end * this.arm.nq) : undefined,
      );
      for (; i < end; i++) energy += this.r[i] ** 2;
    }
    return energy === energy ? energy : Infinity;
  }

  /** A = JᵀJ + λI, g = Jᵀr. */
  private normalEquations(lambda: number): void {
    const { A, g, J, r, dim } = this;
    const n = this.arm.nq;
    A.fill(0);
    g.fill(0);
    for (let i = 0; i < dim; i++) {
      for (let a = 0; a < n; a++) {
        const x = J[i * n + a];
        g[a] += x * r[i];
        for (let b = 0; b <= a; b++) A[a * n + b] += x * J[i * n + b];
      }
    }
    for (let a = 0; a < n; a++) A[a * n + a] += lambda * (1 + A[a * n + a]);
  }
}
