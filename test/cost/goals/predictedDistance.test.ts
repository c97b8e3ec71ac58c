import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { createGoal, LatentDistance, ObjectDistance, ResidualCost } from "../../../src/cost/index.js";
import { OracleArm, stateWith } from "../oracleArm.js";
import { nq, context, bind } from "../goalContext.js";

test(
  "latent distance: zero at the goal, one where every number is a spread away, " +
    "in any linear metric the norm, and the mean over draws",
  () => {
    const rng = new Rng(9);
    const std = [0.5, 2, 1];
    const goal = Float32Array.of(1, -1, 3);
    const [K, H, S] = [4, 3, 5];
    const r = new OracleArm(3, 1).rollouts(K, H, 2, rng, stateWith(), [], 3, S);
    const of = (o: { running: number; terminal: number }, x = r): Float64Array => {
      const out = new Float64Array(x.K);
      new LatentDistance(goal, LatentDistance.bySpread(std), o).evaluate(x, out, x.K);
      return out;
    };
    const M = [
      [1, 0, -2],
      [0.5, 3, 0],
    ]; // any metric: of the whole difference, not of its parts
    const far = (i: number): number =>
      Math.hypot(...M.map((row) => row.reduce((sum, m, d) => sum + m * (r.z[3 * i + d] - goal[d]), 0)));
    const out = new Float64Array(K);
    new LatentDistance(goal, M, { running: 0, terminal: 1 }).evaluate(r, out, K);
    for (let k = 0; k < K; k++) {
      let want = 0;
      for (let s = 0; s < S; s++) want += far((k * S + s) * (H + 1) + H) / S;
      assert.ok(Math.abs(out[k] - want) < 1e-9);
    }
    const e = (i: number): number =>
      Math.sqrt(std.reduce((sum, s, d) => sum + ((r.z[3 * i + d] - goal[d]) / s) ** 2, 0) / 3);
    for (let k = 0; k < K; k++) {
      let want = 0;
      for (let s = 0; s < S; s++)
        for (let h = 1; h <= H; h++) want += ((h === H ? 7 : 0) + 2 * r.dt) * e((k * S + s) * (H + 1) + h);
      assert.ok(Math.abs(of({ running: 2, terminal: 7 })[k] - want / S) < 1e-9);
    }
    for (let i = 0; i < r.z.length; i++) r.z[i] = goal[i % 3];
    assert.ok(of({ running: 1, terminal: 1 }).every((x) => x === 0));
    for (let i = 0; i < r.z.length; i++) r.z[i] = goal[i % 3] + std[i % 3];
    for (const x of of({ running: 0, terminal: 1 })) assert.ok(Math.abs(x - 1) < 1e-6);
  },
);

test("costs over predicted objects are the mean of those over each draw alone", () => {
  const rng = new Rng(10);
  const ids = ["red", "blue"];
  const [K, H, S] = [6, 4, 3];
  const arm = new OracleArm(nq, 3);
  const all = arm.rollouts(K, H, 2, rng, stateWith(), ids, 2, S);
  const one = arm.rollouts(K, H, 2, new Rng(0), stateWith(), ids, 2, 1);
  for (const name of ["q", "v", "tool"] as const) one[name].set(all[name]);
  const row = (H + 1) * 6;
  const options = { scale: 0.05, nearness: 0.5, standoff: 0.06, running: 1, terminal: 2 };
  for (const term of [
    new ResidualCost(createGoal(bind("{ object_at: { object: blue, position: [0.1, 0.2] } }").goal[0], context)),
    new ObjectDistance(Float64Array.of(0.3, 0, 0, 0.4, 0.1, 0), Float64Array.of(0.02, 0.02), options),
  ]) {
    const [got, mean, out] = [new Float64Array(K), new Float64Array(K), new Float64Array(K)];
    term.evaluate(all, got, K);
    for (let s = 0; s < S; s++) {
      for (let k = 0; k < K; k++)
        one.objects.set(all.objects.subarray((k * S + s) * row, (k * S + s + 1) * row), k * row);
      term.evaluate(one, out, K);
      for (let k = 0; k < K; k++) mean[k] += out[k] / S;
    }
    for (let k = 0; k < K; k++) assert.ok(Math.abs(got[k] - mean[k]) < 1e-9 * Math.max(1, mean[k]));
    assert.ok(new Set(got).size === K);
  }
});

test(
  "an object nearer to its goal than can be told asks for nothing, " +
    "wherever the tool is; farther, for more the farther",
  () => {
    const r = new OracleArm(nq, 4).rollouts(5, 3, 2, new Rng(11), stateWith(), ["red"], 2, 1);
    const term = new ObjectDistance(Float64Array.of(0.4, 0.1, 0), Float64Array.of(0.02), {
      scale: 0.05,
      nearness: 0.5,
      standoff: 0.06,
      running: 1,
      terminal: 2,
    });
    const out = new Float64Array(5);
    const at = (d: number): Float64Array => {
      for (let i = 0; i < r.objects.length; i += 3) r.objects.set([0.4 + d, 0.1, 0], i);
      term.evaluate(r, out, 5);
      return out.slice();
    };
    assert.deepEqual([...at(0.0199)], [0, 0, 0, 0, 0]);
    const [near, far] = [at(0.03), at(0.06)];
    for (let k = 0; k < 5; k++) assert.ok(near[k] > 0 && far[k] > near[k]);
  },
);
