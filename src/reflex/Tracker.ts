import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";

const GAIN = 0.2; // of the position error taken out per step

/**
 * The reflex that follows a plan: the velocity to command next so that the commanded state comes onto the planned one,
 *
 *     w = v*(t+δ) + κ/δ · (q*(t+δ) − q − (v + v*(t+δ)) δ/2)
 *
 * Planned segments have constant acceleration, so on the plan the answer is the plan's own, exactly.
 */
export class Tracker {
  private plan: Plan | undefined;
  private next: Plan | undefined;

  /** Follows a plan from its stamp on, and the plan before until then; undefined: no plan. */
  follow(plan: Plan | undefined): void {
    this.next = plan;
    if (plan === undefined) this.plan = undefined;
  }

  /** Whether there is a plan for time t. */
  follows(t: Seconds): boolean {
    if (this.next !== undefined && t >= this.next.stamp - 1e-6) {
      this.plan = this.next;
      this.next = undefined;
    }
    const { plan } = this;
    return plan !== undefined && t < plan.stamp + plan.H * plan.dt;
  }

  /** Fills w [nq], rad/s, for the step from (q, v) at time t to t + dt. Only if `follows(t)`. */
  velocity(w: Float64Array, q: Float64Array, v: Float64Array, t: Seconds, dt: Seconds): void {
    const plan = this.plan!;
    const { nq } = plan;
    const h = plan.dt / plan.substeps;
    const last = plan.H * plan.substeps;
    const x = Math.max(0, Math.min(last, (t + dt - plan.stamp) / h));
    const i = Math.min(last - 1, Math.floor(x));
    const s = (x - i) * h;
    for (let j = 0; j < nq; j++) {
      const q0 = plan.q[i * nq + j];
      const v0 = plan.v[i * nq + j];
      const a = (plan.v[(i + 1) * nq + j] - v0) / h;
      const vPlan = v0 + a * s;
      const error = q0 + (v0 + 0.5 * a * s) * s - q[j] - 0.5 * (v[j] + vPlan) * dt;
      w[j] = vPlan + (GAIN / dt) * error;
    }
  }

  /**
   * The same for one joint that cannot change its acceleration at once: the plan as its mean over `width` seconds about
   * each instant, whose jerk is at most the plan's change of acceleration over the width, and whose corners are cut by
   * less than ΔA·width²/24. Fills w[j] and the acceleration u[j], for the step from (q, v).
   */
  glide(
    w: Float64Array,
    u: Float64Array,
    j: number,
    { q, v }: { readonly q: Float64Array; readonly v: Float64Array },
    t: Seconds,
    dt: Seconds,
    width: Seconds,
  ): void {
    const half = 0.5 * width,
      next = t + dt;
    const before = this.at(j, next - half),
      now = this.at(j, next),
      after = this.at(j, next + half);
    const speed = (after.q - before.q) / width;
    u[j] = (after.v - before.v) / width;
    w[j] = speed + (GAIN / dt) * ((before.q + 4 * now.q + after.q) / 6 - q[j] - 0.5 * (v[j] + speed) * dt);
  }

  /**
   * Joint j on the plan at time t. Before the plan it continues with its first acceleration, after it with its last
   * velocity.
   */
  private at(j: number, t: Seconds): { q: number; v: number } {
    const plan = this.plan!;
    const { nq } = plan;
    const h = plan.dt / plan.substeps,
      last = plan.H * plan.substeps;
    const x = (t - plan.stamp) / h;
    const i = Math.max(0, Math.min(last - 1, Math.floor(x)));
    const s = Math.min(last - i, x - i) * h;
    const q0 = plan.q[i * nq + j],
      v0 = plan.v[i * nq + j],
      a = (plan.v[(i + 1) * nq + j] - v0) / h;
    return { q: q0 + (v0 + 0.5 * a * s) * s + (x > last ? (x - last) * h * plan.v[last * nq + j] : 0), v: v0 + a * s };
  }
}
