import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Predictor } from "../Predictor.js";
import { fillExposure } from "./fillExposure.js";

/**
 * The arm's motion on the time scale of seconds, at which accelerations do not matter: an action is a straight joint
 * displacement,
 *
 *     q⁺ = clip(q + a ⊙ V Δt, lo, hi),   a ∈ [−1,1]ⁿ
 *
 * Knots in between lie on the straight line. Velocities are the means of each step.
 */
export class JointDisplacement implements Predictor {
  readonly quasistatic = true;
  readonly nu: number;

  constructor(
    private readonly limits: JointLimits,
    private readonly sweep: { fill(r: Rollouts, K?: number): void },
    readonly dt: Seconds,
    readonly substeps: number,
    private readonly latency: Seconds,
  ) {
    this.nu = limits.lo.length;
  }

  predict(from: State, r: Rollouts, K: number): void {
    const { limits, dt, substeps, nu: n } = this;
    const { lo, hi, velocity, acceleration } = limits;
    r.from = from;
    for (let k = 0; k < K; k++) {
      const start = k * r.N * n;
      r.q.set(from.q, start);
      for (let step = 0; step < r.H; step++) {
        const i = start + step * substeps * n;
        for (let j = 0; j < n; j++) {
          const q = r.q[i + j];
          const end = Math.max(lo[j], Math.min(hi[j], q + r.a[(k * r.H + step) * n + j] * velocity[j] * dt));
          for (let m = 1; m <= substeps; m++) r.q[i + m * n + j] = q + ((end - q) * m) / substeps;
          for (let m = step === 0 ? 0 : 1; m <= substeps; m++) r.v[i + m * n + j] = (end - q) / dt;
        }
      }
    }
    fillExposure(r, K, acceleration, this.latency);
    this.sweep.fill(r, K);
  }

  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    const { velocity } = this.limits;
    const { dt, nu: n } = this;
    for (let j = 0; j < n; j++) {
      let q = from.q[j];
      for (let h = 0; h < H; h++) {
        const u = Math.max(-1, Math.min(1, (reference[(h + 1) * n + j] - q) / (velocity[j] * dt)));
        a[ia + h * n + j] = u;
        q += u * velocity[j] * dt;
      }
    }
  }
}
