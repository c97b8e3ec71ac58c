import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";

const DAMPING = 0.006; // λ, m/rad: far below the arm's levers, so that it matters only near singular postures
const LEVER = 0.25; // m/rad: weight of a rotation of the tool against a translation

/**
 * Differential inverse kinematics of the tool by damped least squares on the geometric Jacobian, with a preferred step
 * g in its null space:
 *
 *     Δq = g + Jᵀ (J Jᵀ + λ² I)⁻¹ (e − J g),   e = (Δp, ℓ Δθ) [6], rows of J weighted alike
 *
 * Buffers are allocated once; not to be shared by concurrent users.
 * Source: Nakamura & Hanafusa 1986; Siciliano et al., Robotics, 3.7.
 */
export class DampedLeastSquares {
  readonly kinematics: Kinematics;
  private readonly nq: number;
  private readonly J: Float64Array; // [6,nq]
  private readonly L = new Float64Array(36); // lower triangle of the Cholesky factor; its diagonal inverted
  private readonly y = new Float64Array(6);

  constructor(arm: Arm) {
    this.kinematics = new Kinematics(arm);
    this.nq = arm.nq;
    this.J = new Float64Array(6 * arm.nq);
  }

  /** Takes the Jacobian at q[nq] from offset iq; `kinematics.tool` is then the tool there. */
  linearise(q: Float64Array, iq: number): void {
    const { kinematics, J, L, nq } = this;
    kinematics.forward(q, iq);
    kinematics.jacobian(J);
    for (let i = 3 * nq; i < 6 * nq; i++) J[i] *= LEVER;
    for (let r = 0; r < 6; r++)
      for (let c = 0; c <= r; c++) {
        let s = r === c ? DAMPING * DAMPING : 0;
        for (let j = 0, a = r * nq, b = c * nq; j < nq; j++, a++, b++) s += J[a] * J[b];
        for (let k = 0, a = 6 * r, b = 6 * c; k < c; k++, a++, b++) s -= L[a] * L[b];
        L[6 * r + c] = r === c ? 1 / Math.sqrt(s) : s * L[6 * c + c];
      }
  }

  /**
   * Writes Δq[nq] for a shift of the tool Δp and a turn Δθ, error = (Δp [m], Δθ [rad]) in the base frame, at the last
   * `linearise`.
   * @param preferred [nq] rad, in the null space of the tool's motion
   */
  solve(out: Float64Array, error: Float64Array, preferred: Float64Array): void {
    const { J, L, y, nq } = this;
    for (let r = 0; r < 6; r++) {
      let s = r < 3 ? error[r] : LEVER * error[r];
      for (let j = 0, a = r * nq; j < nq; j++, a++) s -= J[a] * preferred[j];
      for (let k = 0; k < r; k++) s -= L[6 * r + k] * y[k];
      y[r] = s * L[7 * r];
    }
    for (let r = 5; r >= 0; r--) {
      let s = y[r];
      for (let k = r + 1; k < 6; k++) s -= L[6 * k + r] * y[k];
      y[r] = s * L[7 * r];
    }
    for (let j = 0; j < nq; j++) {
      let s = preferred[j];
      for (let r = 0; r < 6; r++) s += J[r * nq + j] * y[r];
      out[j] = s;
    }
  }
}
