import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { State } from "../../../src/core/State.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { passableLimits } from "../../../src/guardrails/filter/passableLimits.js";
import { viableVelocities } from "../../../src/guardrails/filter/viableVelocities.js";
import {
  loadTrackingModel,
  ModelError,
  resolveModel,
  type TrackingModel,
} from "../../../src/worldmodel/learned/onnx/index.js";
import { Objective } from "../../../src/planner/Objective.js";
import { JointVelocity } from "../../../src/worldmodel/analytic/JointVelocity.js";
import { Tracking } from "../../../src/worldmodel/learned/Tracking.js";
import { arm as armOf } from "../../guardrails/setups.js";

const arm = armOf("arm7"),
  n = 7,
  H = 8,
  substeps = 4,
  dt = 0.1;
const sweep = new Sweep(arm);
const kinematic = (step = dt): JointVelocity =>
  new JointVelocity(passableLimits(arm.limits, step), viableVelocities, sweep, step, substeps, 0.02);
const state = (rng: Rng, deviation?: Float64Array): State => ({
  stamp: 0,
  q: arm.home.map((x) => x + rng.range(-0.3, 0.3)),
  v: new Float64Array(n),
  deviation,
  objects: new Map(),
  bodies: [],
});

function rollouts(K: number, rng: Rng): Rollouts {
  const r = new Rollouts({ K, H, substeps, dt, nu: n, nq: n, nc: sweep.nc });
  for (let i = 0; i < r.a.length; i++) r.a[i] = rng.range(-1, 1);
  return r;
}

describe("a learned model of how the arm follows", () => {
  let model: TrackingModel;
  before(async () => (model = await loadTrackingModel(resolveModel("sagging"))));

  it(
    "leaves what is commanded, and all that guardrails look at, " + "as the kinematic model has it, bit for bit",
    async () => {
      const [a, b] = [rollouts(20, new Rng(1)), rollouts(20, new Rng(1))];
      const from = state(new Rng(2), new Float64Array(n).fill(0.01));
      await new Tracking(kinematic(), model, arm, H).predict(from, a, 20);
      kinematic().predict(from, b, 20);
      for (const key of ["q", "v", "tool", "capsules", "radius", "thickness", "exposure"] as const)
        assert.deepEqual(a[key], b[key], key);
    },
  );

  it(
    "begins with the deviation measured, goes on as the graph says, " +
      "linearly between actions, with the tool where those joints have it",
    async () => {
      const rng = new Rng(3),
        K = 6,
        r = rollouts(K, rng),
        deviation = Float64Array.from({ length: n }, () => rng.range(-0.02, 0.02));
      const tracking = new Tracking(kinematic(), model, arm, H);
      await tracking.predict(state(rng, deviation), r, K);
      const steps = model.manifest.horizon,
        e = tracking.expected(r),
        kinematics = new Kinematics(arm);
      const u = new Float32Array(K * (steps + 1) * 3 * n),
        d = new Float32Array(K * (steps + 1) * n);
      for (let k = 0; k < K; k++)
        for (let h = 0; h <= steps; h++)
          for (let j = 0; j < n; j++) {
            const i = (k * r.N + Math.min(h, H) * substeps) * n + j,
              o = (k * (steps + 1) + h) * 3 * n + j;
            [u[o], u[o + n], u[o + 2 * n]] = [Math.sin(r.q[i]), Math.cos(r.q[i]), h > H ? 0 : r.v[i]];
          }
      await model.graph.bind({ d0: Float32Array.from(deviation), u }, { d }, K)(K);
      for (let k = 0; k < K; k++)
        for (let m = 0; m < r.N; m++) {
          const h = Math.floor(m / substeps),
            s = m / substeps - h,
            i = (k * r.N + m) * n;
          for (let j = 0; j < n; j++) {
            const at = (step: number): number => d[(k * (steps + 1) + step) * n + j];
            assert.ok(Math.abs(e.q[i + j] - r.q[i + j] - ((1 - s) * at(h) + (s > 0 ? s * at(h + 1) : 0))) < 1e-9);
            if (m === 0) assert.ok(Math.abs(e.q[i + j] - r.q[i + j] - deviation[j]) < 1e-8);
          }
          kinematics.forward(e.q, i);
          assert.deepEqual(e.tool.slice(12 * (k * r.N + m), 12 * (k * r.N + m + 1)), kinematics.tool);
        }
      assert.equal(e.capsules, r.capsules);
      assert.equal(e.from, r.from);
    },
  );

  it("costs evaluate where the arm is expected, guardrails where it is commanded", async () => {
    const rng = new Rng(4),
      r = rollouts(1, rng);
    const tracking = new Tracking(kinematic(), model, arm, H);
    await tracking.predict(state(rng, new Float64Array(n).fill(0.01)), r, 1);
    const seen: Rollouts[] = [];
    const cost = { name: "cost", evaluate: (x: Rollouts, out: Float64Array) => void (seen.push(x), out.fill(1)) };
    const guardrail = {
      name: "guardrail",
      unit: "m" as const,
      escapable: false,
      margin: (x: Rollouts, out: Float64Array) => void (seen.push(x), out.fill(1)),
    };
    new Objective([{ cost, weight: 1 }], [guardrail], { distance: 0.01, weight: 1 }, 1, sweep, n).evaluate(
      r,
      1,
      new Float64Array(1),
      tracking.expected(r),
    );
    assert.ok(seen.length === 2 && seen[0] === tracking.expected(r) && seen[1] === r);
  });

  it("is refused for other joints, another step of time or too short a horizon, with both values", () => {
    assert.throws(
      () => new Tracking(kinematic(), model, armOf("ur5"), H),
      (e: Error) => e instanceof ModelError && /joints: got joint1.*the arm's/.test(e.message),
    );
    assert.throws(() => new Tracking(kinematic(0.05), model, arm, H), /dt: got 0\.1 s, want 0\.05 s, the level's/);
    assert.throws(() => new Tracking(kinematic(), model, arm, 11), /horizon: got 10, want at least 11/);
  });
});
