import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Tracker } from "../../src/reflex/Tracker.js";
import { startState } from "../../src/reflex/startState.js";
import type { JointLimits } from "../../src/core/JointLimits.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { State } from "../../src/core/State.js";
import { viableVelocities } from "../../src/guardrails/filter/viableVelocities.js";
import { TimedPath } from "../../src/planner/TimedPath.js";
import { JointDisplacement } from "../../src/worldmodel/analytic/JointDisplacement.js";
import { JointVelocity } from "../../src/worldmodel/analytic/JointVelocity.js";

const n = 3;
const limits: JointLimits = {
  lo: Float64Array.of(-2, -1, -3),
  hi: Float64Array.of(2, 1.5, 3),
  velocity: Float64Array.of(2, 1, 3),
  acceleration: Float64Array.of(8, 5, 12),
  effort: Float64Array.of(1, 1, 1),
};
const sweep = { fill: () => undefined };
const state = (q: Float64Array, v = new Float64Array(n)): State => ({
  stamp: 5,
  q,
  v,
  objects: new Map(),
  bodies: [],
});
const random = (rng: Rng): Float64Array =>
  Float64Array.from(limits.lo, (lo, j) => rng.range(lo + 0.1, limits.hi[j] - 0.1));
const rollouts = (H: number, substeps: number, dt: number): Rollouts =>
  new Rollouts({ K: 1, H, substeps, dt, nu: n, nq: n, nc: 0 });

function plan(model: JointVelocity, H: number, from: State, a: Float32Array): Plan {
  const r = rollouts(H, model.substeps, model.dt);
  r.a.set(a);
  model.predict(from, r, 1);
  return {
    level: "motion",
    stamp: from.stamp,
    dt: model.dt,
    H,
    substeps: model.substeps,
    nu: n,
    nq: n,
    a,
    q: r.q,
    v: r.v,
    z: r.z,
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 0,
    rollouts: 0,
    time: 0,
  };
}

describe("kinematic world models", () => {
  const model = new JointVelocity(limits, viableVelocities, sweep, 0.1, 4, 0.02);

  it("every action sequence, however wild, keeps position, velocity and acceleration limits", () => {
    const rng = new Rng(1);
    const r = rollouts(20, 4, 0.1);
    for (let trial = 0; trial < 300; trial++) {
      r.a.forEach((_, i) => (r.a[i] = trial % 3 === 0 ? Math.sign(rng.normal()) : rng.range(-1, 1)));
      model.predict(state(random(rng)), r, 1);
      for (let i = 0; i < r.N; i++) {
        for (let j = 0; j < n; j++) {
          const q = r.q[i * n + j];
          assert.ok(q >= limits.lo[j] - 1e-9 && q <= limits.hi[j] + 1e-9);
          assert.ok(Math.abs(r.v[i * n + j]) <= limits.velocity[j] + 1e-9);
          if (i > 0)
            assert.ok(Math.abs(r.v[i * n + j] - r.v[(i - 1) * n + j]) <= limits.acceleration[j] * 0.025 + 1e-9);
        }
      }
    }
  });

  it("steering follows a still reference to its end and stops there without passing it", () => {
    const rng = new Rng(2);
    for (let trial = 0; trial < 200; trial++) {
      const from = state(random(rng));
      const goal = random(rng);
      const H = 50;
      const reference = new Float64Array((H + 1) * n);
      for (let h = 0; h <= H; h++) reference.set(h === 0 ? from.q : goal, h * n);
      const a = new Float32Array(H * n);
      model.actionsFromPath(from, reference, H, a, 0);
      const { q, v } = plan(model, H, from, a);
      for (let j = 0; j < n; j++) {
        const side = Math.sign(goal[j] - from.q[j]);
        for (let i = 0; i < q.length / n; i++)
          assert.ok(side * (goal[j] - q[i * n + j]) > -1e-4, `passed by ${side * (q[i * n + j] - goal[j])} rad`);
        assert.ok(Math.abs(q.at(-n + j)! - goal[j]) < 1e-4 && Math.abs(v.at(-n + j)!) < 1e-3);
      }
    }
  });

  it("steering takes at most one step more than the time-optimal stop-to-stop motion", () => {
    const rng = new Rng(3);
    for (let trial = 0; trial < 100; trial++) {
      const from = state(random(rng));
      const goal = random(rng);
      const H = 50;
      const reference = new Float64Array((H + 1) * n);
      for (let h = 1; h <= H; h++) reference.set(goal, h * n);
      const a = new Float32Array(H * n);
      model.actionsFromPath(from, reference, H, a, 0);
      const { q } = plan(model, H, from, a);
      for (let j = 0; j < n; j++) {
        const d = Math.abs(goal[j] - from.q[j]);
        const [V, A] = [limits.velocity[j], limits.acceleration[j]];
        const optimal = d < (V * V) / A ? 2 * Math.sqrt(d / A) : d / V + V / A;
        const arrived =
          Array.from({ length: q.length / n }, (_, i) => i).find((i) => Math.abs(q[i * n + j] - goal[j]) < 0.005)! *
          0.025;
        assert.ok(arrived <= optimal + 0.25, `${arrived} s against ${optimal} s`);
      }
    }
  });

  it("displacements steer exactly along any path that is slow enough", () => {
    const rng = new Rng(4);
    const slow = new JointDisplacement(limits, sweep, 1, 6, 0.02);
    for (let trial = 0; trial < 100; trial++) {
      const from = state(random(rng));
      const reference = new Float64Array(5 * n);
      reference.set(from.q);
      for (let h = 1; h <= 4; h++)
        for (let j = 0; j < n; j++)
          reference[h * n + j] = Math.max(
            limits.lo[j],
            Math.min(limits.hi[j], reference[(h - 1) * n + j] + rng.range(-0.9, 0.9) * limits.velocity[j]),
          );
      const r = rollouts(4, 6, 1);
      slow.actionsFromPath(from, reference, 4, r.a, 0);
      slow.predict(from, r, 1);
      for (let h = 0; h <= 4; h++)
        for (let j = 0; j < n; j++) assert.ok(Math.abs(r.q[h * 6 * n + j] - reference[h * n + j]) < 1e-5);
    }
  });
});

describe("from plan to command", () => {
  const model = new JointVelocity(limits, viableVelocities, sweep, 0.1, 4, 0.02);
  const anyPlan = (rng: Rng): Plan =>
    plan(
      model,
      10,
      state(random(rng)),
      Float32Array.from({ length: 10 * n }, () => rng.range(-1, 1)),
    );

  it("the tracker reproduces a plan it is on, exactly, at any finer step", () => {
    const rng = new Rng(5);
    for (let trial = 0; trial < 100; trial++) {
      const p = anyPlan(rng);
      const tracker = new Tracker();
      tracker.follow(p);
      const q = p.q.slice(0, n);
      const v = p.v.slice(0, n);
      const w = new Float64Array(n);
      const dt = 0.0125;
      for (let i = 0; i < 79; i++) {
        const t = p.stamp + i * dt;
        assert.ok(tracker.follows(t));
        tracker.velocity(w, q, v, t, dt);
        for (let j = 0; j < n; j++) q[j] += 0.5 * (v[j] + w[j]) * dt;
        v.set(w);
        if (i % 2 === 1) for (let j = 0; j < n; j++) assert.ok(Math.abs(q[j] - p.q[((i + 1) / 2) * n + j]) < 1e-9);
      }
    }
  });

  it("the tracker brings a state that is off the plan back onto it", () => {
    const rng = new Rng(6);
    const p = plan(model, 10, state(random(rng)), new Float32Array(10 * n));
    const tracker = new Tracker();
    tracker.follow(p);
    const q = p.q.slice(0, n).map((x) => x + 0.05);
    const v = p.v.slice(0, n);
    const w = new Float64Array(n);
    for (let i = 0; i < 90; i++) {
      assert.ok(tracker.follows(p.stamp + i * 0.01));
      tracker.velocity(w, q, v, p.stamp + i * 0.01, 0.01);
      for (let j = 0; j < n; j++) q[j] += 0.5 * (v[j] + w[j]) * 0.01;
      v.set(w);
    }
    for (let j = 0; j < n; j++) assert.ok(Math.abs(q[j] - p.q[36 * n + j]) < 1e-3);
  });

  it("a new plan begins where the one in force will be, or where braking leads", () => {
    const rng = new Rng(7);
    for (let trial = 0; trial < 100; trial++) {
      const p = anyPlan(rng);
      const at = (knot: number) => ({
        stamp: p.stamp + knot * 0.025,
        q: p.q.slice(knot * n, (knot + 1) * n),
        v: p.v.slice(knot * n, (knot + 1) * n),
      });
      const q = new Float64Array(n);
      const v = new Float64Array(n);
      startState(q, v, { ...at(3), following: true }, p, limits, p.stamp + 9 * 0.025);
      for (let j = 0; j < n; j++) assert.ok(Math.abs(q[j] - at(9).q[j]) < 1e-9 && Math.abs(v[j] - at(9).v[j]) < 1e-9);
      const soon = { stamp: p.stamp - 0.04, following: false, q: at(0).q, v: new Float64Array(n) };
      startState(q, v, soon, p, limits, p.stamp + 9 * 0.025); // told a moment ago, not yet in force
      for (let j = 0; j < n; j++) assert.ok(Math.abs(q[j] - at(9).q[j]) < 1e-9 && Math.abs(v[j] - at(9).v[j]) < 1e-9);
      const elsewhere = at(0).q.map((x) => x + 0.01);
      for (const [here, of] of [
        [elsewhere, p],
        [at(0).q, { ...p, feasible: false }],
        [at(0).q, { ...p, stamp: p.stamp - 0.05 }],
      ] as const) {
        startState(q, v, { ...soon, q: here }, of, limits, p.stamp + 9 * 0.025); // nobody follows it
        assert.deepEqual([q, v], [here, new Float64Array(n)]);
      }
      startState(q, v, { ...at(3), following: false }, undefined, limits, p.stamp + 10);
      for (let j = 0; j < n; j++) {
        const s = at(3).v[j];
        assert.ok(Math.abs(v[j]) < 1e-12);
        assert.ok(Math.abs(q[j] - at(3).q[j] - (s * Math.abs(s)) / (2 * limits.acceleration[j])) < 1e-9);
      }
    }
  });

  it("a timed path takes each leg at full speed, and finds the point it is nearest to", () => {
    const rng = new Rng(8);
    for (let trial = 0; trial < 100; trial++) {
      const points = Array.from({ length: 5 }, () => random(rng));
      const path = new TimedPath({ q: Float64Array.from(points.flatMap((p) => [...p])), nq: n }, limits);
      const legs = points
        .slice(1)
        .map((p, i) => Math.max(...p.map((x, j) => Math.abs(x - points[i][j]) / limits.velocity[j])));
      assert.ok(Math.abs(path.duration - legs.reduce((a, b) => a + b)) < 1e-12);
      const s = rng.uniform() * legs[0];
      const q = new Float64Array(n);
      path.sample(s, q, 0);
      for (let j = 0; j < n; j++)
        assert.ok(Math.abs(q[j] - points[0][j] - (s / legs[0]) * (points[1][j] - points[0][j])) < 1e-9);
      const nearest = path.nearest(q);
      path.sample(nearest, q, 0);
      assert.ok(nearest <= s + 1e-9);
      path.sample(path.duration + 1, q, 0);
      for (let j = 0; j < n; j++) assert.ok(Math.abs(q[j] - points[4][j]) < 1e-12);
    }
  });
});
