import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Predictor } from "../Predictor.js";

/**
 * The velocities that can be reached in one step: fills lower and upper [nq], rad/s (`guardrails/viableVelocities`).
 */
export type VelocityBounds = (
  lower: Float64Array,
  upper: Float64Array,
  q: Float64Array,
  v: Float64Array,
  iq: number,
  limits: JointLimits,
  dt: Seconds,
) => void;

/**
 * The arm's own motion on the time scale of its accelerations. An action picks the next joint velocities *within the
 * viable set*,
 *
 *     w = ½(lo + hi) + ½ a (hi − lo),  [lo, hi] = W(q, v),   q⁺ = q + (v + w) Δt/2,   a ∈ [−1,1]ⁿ
 *
 * so every action is admissible and every rollout obeys the joint limits by construction.
 */
export class JointVelocity implements Predictor {
  readonly nu: number;
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly q: Float64Array;
  private readonly v: Float64Array;

  constructor(
    private readonly limits: JointLimits,
    private readonly bounds: VelocityBounds,
    private readonly sweep: { fill(r: Rollouts, K?: number): void },
    readonly dt: Seconds,
    readonly substeps: number,
    private readonly latency: Seconds, // until a new command can brake: part of people's exposure
  ) {
    this.nu = limits.lo.length;
    this.lower = new Float64Array(this.nu);
    this.upper = new Float64Array(this.nu);
    this.q = new Float64Array(this.nu);
    this.v = new Float64Array(this.nu);
  }

  predict(from: State, r: Rollouts, K: number): void {
    const { limits, lower, upper, dt, substeps, nu: n } = this;
    const h = dt / substeps;
    r.from = from;
    for (let k = 0; k < K; k++) {
      const start = k * r.N * n;
      r.q.set(from.q, start);
      r.v.set(from.v, start);
      for (let step = 0; step < r.H; step++) {
        const i = start + step * substeps * n;
        this.bounds(lower, upper, r.q, r.v, i, limits, dt);
        for (let j = 0; j < n; j++) {
          const a = r.a[(k * r.H + step) * n + j];
          const w = 0.5 * (lower[j] + upper[j]) + 0.5 * a * (upper[j] - lower[j]);
          const q = r.q[i + j];
          const v = r.v[i + j];
          const acceleration = (w - v) / dt;
          for (let m = 1; m <= substeps; m++) {
            const t = m * h;
            r.q[i + m * n + j] = q + t * (v + 0.5 * acceleration * t);
            r.v[i + m * n + j] = v + acceleration * t;
          }
        }
      }
      for (let m = 0; m < r.N; m++) r.exposure[k * r.N + m] = this.latency + this.stoppingTime(r.v, start + m * n);
    }
    this.sweep.fill(r, K);
  }

  /** Per joint: toward the reference, but never faster than a stop at its end allows. */
  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    const { limits, lower, upper, q, v, dt, nu: n } = this;
    q.set(from.q);
    v.set(from.v);
    for (let h = 0; h < H; h++) {
      this.bounds(lower, upper, q, v, 0, limits, dt);
      for (let j = 0; j < n; j++) {
        const end = reference[H * n + j];
        const Ad = limits.acceleration[j] * dt;
        // distance left for w Δt before the end of the reference
        const room = end - q[j] - 0.5 * v[j] * dt;
        const near = Math.abs(room) <= Ad * dt; // w = room/Δt and then 0 arrives exactly
        const stop = near
          ? Math.abs(room) / dt
          : -Ad + Math.sqrt(Ad * Ad + 2 * limits.acceleration[j] * Math.abs(room));
        const toward = (reference[(h + 1) * n + j] - q[j]) / dt;
        const requested = room > 0 ? Math.min(Math.max(toward, 0), stop) : Math.max(Math.min(toward, 0), -stop);
        const w = Math.max(lower[j], Math.min(upper[j], requested));
        const half = 0.5 * (upper[j] - lower[j]);
        a[ia + h * n + j] = half > 0 ? (w - 0.5 * (lower[j] + upper[j])) / half : 0;
        q[j] += 0.5 * (v[j] + w) * dt;
        v[j] = w;
      }
    }
  }

  private stoppingTime(v: Float64Array, i: number): Seconds {
    let t = 0;
    for (let j = 0; j < this.nu; j++) t = Math.max(t, Math.abs(v[i + j]) / this.limits.acceleration[j]);
    return t;
  }
}
