import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import { rotationError } from "../../../src/core/geometry/rotationError.js";
import type { State } from "../../../src/core/State.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { ToolDisplacement, type ToolDisplacementOptions } from "../../../src/worldmodel/analytic/ToolDisplacement.js";

const { arm } = loadSetup({ robot: "arm7", agent: "default", scene: "pucks" });
const n = arm.nq;
const box = { low: [0.3, -0.32, 0.03], high: [0.64, 0.32, 0.25] } as const;
const options: ToolDisplacementOptions = {
  axes: ["x", "y", "z"],
  step: 0.06,
  ...box,
  dt: 0.4,
  substeps: 2,
  latency: 0.02,
};
const sweep = new Sweep(arm);
const state = (q: Float64Array): State => ({
  stamp: 0,
  q,
  v: new Float64Array(n),
  objects: new Map(),
  bodies: [],
});
const inBox = (rng: Rng, margin = 0): [number, number, number] =>
  [0, 1, 2].map((c) => rng.range(box.low[c] + margin, box.high[c] - margin)) as [number, number, number];
const start = (model: ToolDisplacement, rng: Rng): Float64Array => {
  const q = new Float64Array(n);
  assert.ok(model.posture(q, inBox(rng)) < 1e-4);
  return q;
};

describe("tool displacement", () => {
  const model = new ToolDisplacement(arm, sweep, options);
  const still = new Kinematics(arm).tool.slice();

  it(
    "keeps the tool on the straight line of every action to 1 mm, " +
      "its direction to 0.02 rad, within the box and all limits",
    () => {
      const rng = new Rng(1),
        K = 40,
        H = 6;
      const r = new Rollouts({ K, H, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: sweep.nc, quasistatic: true });
      const turn = new Float64Array(3),
        { lo, hi, velocity } = arm.limits;
      for (let trial = 0; trial < 30; trial++) {
        r.a.forEach((_, i) => (r.a[i] = trial % 3 === 0 ? Math.sign(rng.normal()) : rng.range(-1, 1)));
        model.predict(state(start(model, rng)), r, K);
        for (let k = 0; k < K; k++) {
          for (let m = 0; m < r.N; m++) {
            const i = k * r.N + m,
              step = Math.max(0, Math.ceil(m / 2) - 1),
              s = (m - 2 * step) / 2,
              first = k * r.N + 2 * step;
            for (let c = 0; c < 3 && m > 0; c++) {
              const p = r.tool[12 * first + 4 * c + 3],
                want = Math.max(box.low[c], Math.min(box.high[c], p + 0.06 * r.a[(k * H + step) * 3 + c]));
              const got = r.tool[12 * i + 4 * c + 3];
              assert.ok(
                Math.abs(got - (p + s * (want - p))) < 1e-3,
                `axis ${c} knot ${m}: ${got}, want ${p + s * (want - p)}`,
              );
            }
            rotationError(turn, 0, r.tool, 12 * i, still, 0);
            assert.ok(Math.hypot(...turn) < 0.02);
            for (let j = 0; j < n; j++) {
              assert.ok(r.q[i * n + j] >= lo[j] && r.q[i * n + j] <= hi[j]);
              if (m > 0) assert.ok(Math.abs(r.q[i * n + j] - r.q[(i - 1) * n + j]) <= velocity[j] * 0.2 + 1e-12);
            }
          }
        }
      }
    },
  );

  it("never leaves joint limits nor exceeds velocities, however far an action wants the tool, on every arm", () => {
    const rng = new Rng(2),
      H = 8;
    for (const robot of ["arm7", "ur5", "so101"]) {
      const { arm: other } = loadSetup({ robot, agent: "default" });
      const { lo, hi, velocity } = other.limits,
        body = new Sweep(other),
        nq = other.nq;
      const far = new ToolDisplacement(other, body, { axes: ["x", "z"], step: 0.5, dt: 0.2, substeps: 3, latency: 0 });
      const r = new Rollouts({ K: 50, H, substeps: 3, dt: 0.2, nu: 2, nq, nc: body.nc, quasistatic: true });
      for (let trial = 0; trial < 10; trial++) {
        const from = Float64Array.from(lo, (l, j) => rng.range(l, hi[j]));
        r.a.forEach((_, i) => (r.a[i] = rng.range(-1, 1)));
        far.predict({ ...state(from), v: new Float64Array(nq) }, r, r.K);
        r.q.forEach((x, i) => assert.ok(x >= lo[i % nq] && x <= hi[i % nq]));
        for (let k = 0; k < r.K; k++)
          for (let m = 1; m < r.N; m++)
            for (let j = 0, i = (k * r.N + m) * nq; j < nq; j++)
              assert.ok(Math.abs(r.q[i + j] - r.q[i - nq + j]) <= (velocity[j] * 0.2) / 3 + 1e-12);
      }
    }
  });

  it("from outside its box every action leads the tool in, by a whole step at most", () => {
    const rng = new Rng(3),
      free = new ToolDisplacement(arm, sweep, { ...options, low: undefined, high: undefined });
    const r = new Rollouts({ K: 1, H: 1, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: sweep.nc, quasistatic: true }),
      q = new Float64Array(n);
    for (let trial = 0; trial < 100; trial++) {
      free.posture(q, [rng.range(0.35, 0.6), rng.range(-0.3, 0.3), rng.range(0.28, 0.4)]);
      r.a.forEach((_, i) => (r.a[i] = rng.range(-1, 1)));
      model.predict(state(q), r, 1);
      const z = r.tool[11],
        rise = r.tool[12 * 2 + 11] - z,
        want = Math.min(0.06 * r.a[2], Math.max(-0.06, box.high[2] - z));
      assert.ok(Math.abs(rise - want) < 1e-3, `${rise}, want ${want}`);
    }
  });

  it("steering gives back the actions that made a path", () => {
    const rng = new Rng(4),
      H = 6,
      r = new Rollouts({ K: 1, H, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: sweep.nc, quasistatic: true }),
      a = new Float32Array(H * 3 + 1);
    for (let trial = 0; trial < 100; trial++) {
      const from = state(start(model, rng)),
        reference = new Float64Array((H + 1) * n);
      r.a.forEach((_, i) => (r.a[i] = rng.range(-1, 1)));
      model.predict(from, r, 1);
      for (let h = 0; h <= H; h++) reference.set(r.q.subarray(2 * h * n, (2 * h + 1) * n), h * n);
      model.actionsFromPath(from, reference, H, a, 1);
      for (let h = 0; h < H; h++)
        for (let c = 0; c < 3; c++) {
          const before = r.tool[24 * h + 4 * c + 3],
            after = r.tool[24 * (h + 1) + 4 * c + 3]; // clipped actions are indistinguishable from smaller ones
          assert.ok(Math.abs(0.06 * a[1 + 3 * h + c] - (after - before)) < 1e-3);
        }
    }
  });

  it("predicts alike whatever stands beside in the batch, and step by step as at once", () => {
    const rng = new Rng(5),
      H = 4,
      all = new Rollouts({ K: 8, H, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: sweep.nc, quasistatic: true }),
      one = new Rollouts({ K: 1, H: 1, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: sweep.nc, quasistatic: true });
    const from = state(start(model, rng));
    all.a.forEach((_, i) => (all.a[i] = rng.range(-1, 1)));
    model.predict(from, all, 8);
    for (let k = 0; k < 8; k++) {
      let q = from.q;
      for (let h = 0; h < H; h++) {
        one.a.set(all.a.subarray((k * H + h) * 3, (k * H + h + 1) * 3));
        model.predict(state(q), one, 1);
        q = one.q.slice(2 * n);
        assert.deepEqual(q, all.q.slice((k * all.N + 2 * h + 2) * n, (k * all.N + 2 * h + 3) * n));
      }
    }
  });
});
