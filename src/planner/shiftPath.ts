import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";

/**
 * The rest of an earlier plan from time `stamp`: its joint path at stamp, stamp + dt, …, held at its end.
 * @returns [H+1,nq] rad
 */
export function shiftPath(plan: Plan, stamp: Seconds, H: number, dt: Seconds): Float64Array {
  const { nq: n, q } = plan;
  const knot = plan.dt / plan.substeps;
  const last = plan.H * plan.substeps;
  const out = new Float64Array((H + 1) * n);
  for (let h = 0; h <= H; h++) {
    const x = Math.max(0, Math.min(last, (stamp - plan.stamp + h * dt) / knot));
    const i = Math.min(last - 1, Math.floor(x));
    for (let j = 0; j < n; j++) out[h * n + j] = q[i * n + j] + (x - i) * (q[(i + 1) * n + j] - q[i * n + j]);
  }
  return out;
}
