import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";

/**
 * Commanded position of the arm at one instant, and whether it follows a plan from there or brakes. If it brakes, v is
 * the velocity from which hardest braking ends where the arm will stop.
 */
export interface Commanded {
  readonly stamp: Seconds;
  readonly following: boolean;
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
}

const HERE = 1e-3; // rad: within this, a plan for an arm at rest begins where the arm is; its sensors are noisy

/**
 * The state in which a new plan must begin so that it joins the present motion: what is commanded now, continued to
 * `stamp` along the last plan made, or along hardest braking if there is none. A plan that is not yet in force is used
 * too: while a plan is followed, the new one was made to join it; otherwise it must begin where the arm is. A plan that
 * continues one that the arm never followed is not used.
 *
 * @param q [nq] out, rad
 * @param v [nq] out, rad/s
 */
export function startState(
  q: Float64Array,
  v: Float64Array,
  now: Commanded,
  plan: Plan | undefined,
  limits: JointLimits,
  stamp: Seconds,
): void {
  const ahead = plan !== undefined && plan.stamp > now.stamp;
  if (
    plan !== undefined &&
    (now.following || (ahead && plan.feasible && near(plan.q, now.q))) &&
    stamp <= plan.stamp + plan.H * plan.dt
  ) {
    for (let j = 0; j < q.length; j++) {
      const a = at(plan, j, now.stamp);
      const b = at(plan, j, stamp);
      q[j] = b.q + (ahead ? 0 : now.q[j] - a.q);
      v[j] = b.v + (ahead ? 0 : now.v[j] - a.v);
    }
    return;
  }
  const t = Math.max(0, stamp - now.stamp);
  for (let j = 0; j < q.length; j++) {
    const s = now.v[j];
    const A = Math.sign(s) * limits.acceleration[j];
    const brake = Math.min(t, Math.abs(s) / limits.acceleration[j]);
    q[j] = now.q[j] + s * brake - 0.5 * A * brake * brake;
    v[j] = s - A * brake;
  }
}

const near = (start: Float64Array, q: Float64Array): boolean => q.every((x, j) => Math.abs(x - start[j]) < HERE);

/**
 * Joint j of a plan at time t: constant acceleration between knots, or constant velocity if they are those of a path on
 * its own time; its ends held.
 */
function at(plan: Plan, j: number, t: Seconds): { q: number; v: number } {
  const { nq } = plan;
  const h = plan.dt / plan.substeps;
  const x = Math.max(0, Math.min(plan.H * plan.substeps, (t - plan.stamp) / h));
  const i = Math.min(plan.H * plan.substeps - 1, Math.floor(x));
  const s = (x - i) * h;
  if (plan.timed === true) {
    const v = (plan.q[(i + 1) * nq + j] - plan.q[i * nq + j]) / h;
    return { q: plan.q[i * nq + j] + v * s, v };
  }
  const v0 = plan.v[i * nq + j];
  const a = (plan.v[(i + 1) * nq + j] - v0) / h;
  return { q: plan.q[i * nq + j] + (v0 + 0.5 * a * s) * s, v: v0 + a * s };
}
