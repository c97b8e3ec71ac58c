import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { JointDisplacement } from "../worldmodel/analytic/JointDisplacement.js";
import type { ToolDisplacement } from "../worldmodel/analytic/ToolDisplacement.js";
import { rolloutsFor } from "../worldmodel/rolloutsFor.js";

const FLOW = 0.6; // how much of a step's mean velocity is kept at its end

/**
 * A plan for the reflex from one action of the tool or the joints: the joint path of the action and of one repetition,
 * so that the arm does not stop between two actions. A cubic Hermite spline goes through the states at the steps. It
 * starts with the arm's velocity and ends each step with a part of the step's mean velocity, so that the arm can
 * reverse.
 *
 * @param dt between the knots of the plan, s
 */
export function actionPlan(
  model: ToolDisplacement | JointDisplacement,
  from: State,
  action: Float32Array,
  dt: Seconds,
): Plan {
  const n = from.q.length,
    H = 2,
    { substeps } = model;
  const r = rolloutsFor(model, { K: 1, H, nq: n, nc: 0 });
  r.a.set(action);
  r.a.set(action, model.nu);
  model.predict(from, r, 1);
  const h = model.dt,
    fine = Math.round(h / dt);
  const q = new Float64Array((H * fine + 1) * n),
    v = new Float64Array(q.length);
  for (let j = 0; j < n; j++)
    for (let i = 0, v0 = from.v[j]; i < H; i++) {
      const q0 = r.q[i * substeps * n + j],
        q1 = r.q[(i + 1) * substeps * n + j],
        v1 = (FLOW * (q1 - q0)) / h;
      for (let m = i === 0 ? 0 : 1; m <= fine; m++) {
        const s = m / fine,
          o = (i * fine + m) * n + j;
        q[o] = q0 + s * (h * v0 + s * (3 * (q1 - q0) - h * (2 * v0 + v1) + s * (h * (v0 + v1) - 2 * (q1 - q0))));
        v[o] = v0 + s * ((6 * (q1 - q0)) / h - 4 * v0 - 2 * v1 + s * (3 * (v0 + v1) - (6 * (q1 - q0)) / h));
      }
      v0 = v1;
    }
  return {
    level: "action",
    stamp: from.stamp,
    dt: h,
    H,
    substeps: fine,
    nu: model.nu,
    nq: n,
    a: r.a,
    q,
    v,
    z: r.z,
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 0,
    rollouts: 1,
    time: 0,
  };
}
