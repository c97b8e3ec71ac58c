import type { Plan } from "../core/Plan.js";
import { Rollouts } from "../core/Rollouts.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { ToolDisplacement } from "../worldmodel/ToolDisplacement.js";

/**
 * A plan for the reflex from one action of the tool: the joint path of the action, and of the same action once more, so that the arm does not stop between two.
 * Through the model's knots goes a cubic Hermite spline that begins with the velocity the arm has; its slopes inside are central differences,
 *
 *     v_i = (q_{i+1} − q_{i−1}) / 2h
 *
 * @param dt between the knots of the plan, s
 */
export function toolPlan(model: ToolDisplacement, from: State, action: Float32Array, dt: Seconds): Plan {
  const n = from.q.length, H = 2;
  const r = new Rollouts(1, H, model.sub, model.dt, model.nu, n, 0, 0);
  r.a.set(action);
  r.a.set(action, model.nu);
  model.predict(from, r, 1);
  const h = model.dt / model.sub, fine = Math.round(h / dt), M = H * model.sub;
  const slope = (i: number, j: number): number => (i === 0 ? from.v[j] : i === M ? (r.q[i * n + j] - r.q[(i - 1) * n + j]) / h : (r.q[(i + 1) * n + j] - r.q[(i - 1) * n + j]) / (2 * h));
  const q = new Float64Array((M * fine + 1) * n), v = new Float64Array(q.length);
  for (let i = 0; i < M; i++)
    for (let j = 0; j < n; j++) {
      const q0 = r.q[i * n + j], q1 = r.q[(i + 1) * n + j], v0 = slope(i, j), v1 = slope(i + 1, j);
      for (let m = i === M - 1 ? fine : fine - 1; m >= 0; m--) {
        const s = m / fine, o = (i * fine + m) * n + j;
        q[o] = q0 + s * (h * v0 + s * (3 * (q1 - q0) - h * (2 * v0 + v1) + s * (h * (v0 + v1) - 2 * (q1 - q0))));
        v[o] = v0 + s * ((6 * (q1 - q0)) / h - 4 * v0 - 2 * v1 + s * (3 * (v0 + v1) - (6 * (q1 - q0)) / h));
      }
    }
  return { level: "tool", stamp: from.stamp, dt: model.dt, H, sub: model.sub * fine, nu: model.nu, nq: n, a: r.a, q, v, z: r.z, energy: 0, energies: {}, feasible: true, iterations: 0, rollouts: 1, time: 0 };
}
