import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import { ObjectOverlap } from "../../../src/cost/goals/ObjectOverlap.js";

const O = { top: 0.045, side: 0.02, keep: 0.062, inside: 0.04 };
const MORE = 1e-9;

/** What one step of the tool, x → x⁺, past an object at p, then p⁺, costs. */
function cost(x: readonly number[], next: readonly number[], p: readonly number[], after = p): number {
  const r = new Rollouts({ K: 1, H: 1, substeps: 1, dt: 0.4, nu: 3, nq: 7, nc: 1, no: 1 });
  for (const [n, at] of [x, next].entries()) for (let c = 0; c < 3; c++) r.tool[12 * n + 4 * c + 3] = at[c];
  r.objects.set([...p, ...after]);
  const out = new Float64Array(1);
  new ObjectOverlap(O).evaluate(r, out, 1);
  return out[0];
}

test("a tool that stays above an object's top costs nothing, wherever it goes", () => {
  const rng = new Rng(1);
  for (let i = 0; i < 500; i++) {
    const p = [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), rng.range(0, 0.1)];
    const high = (): number[] => [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), p[2] + O.top + rng.range(1e-6, 0.1)];
    assert.equal(cost(high(), high(), p), 0);
  }
});

test(
  "to come down over an object costs the more the nearer to its axis, " +
    "at least something within `keep` of it and nothing beyond",
  () => {
    const rng = new Rng(2);
    for (let i = 0; i < 500; i++) {
      const angle = rng.range(-Math.PI, Math.PI);
      const down = (d: number): number =>
        cost(
          [d * Math.cos(angle), d * Math.sin(angle), 0.03],
          [d * Math.cos(angle), d * Math.sin(angle), 0],
          [0, 0, 0],
        );
      const [near, far] = [rng.range(0, O.keep), rng.range(0, O.keep)].sort((a, b) => a - b);
      assert.ok(down(near) >= down(far));
      assert.ok(down(far) >= 0.2);
      assert.equal(down(O.keep + rng.range(MORE, 0.1)), 0);
    }
  },
);

test(
  "to drag over a top counts as to come down, a little above the middle too; " +
    "a tool lower than `side` before the step is beside, and pushes for nothing",
  () => {
    const across = (height: number): number => cost([-0.1, 0, height], [0.1, 0, height], [0, 0, 0]);
    assert.ok(across(O.top - MORE) > 1);
    assert.ok(across(O.side) > 1);
    assert.equal(across(O.side - MORE), 0); // its end is beyond what it pushes
    assert.equal(cost([-0.1, 0, 0], [0, 0, 0], [0, 0, 0], [O.inside, 0, 0]), 0); // it went before the tool
  },
);

test("a tool beside an object that ends within it costs the more the deeper, by where the object will be", () => {
  const rng = new Rng(3);
  for (let i = 0; i < 500; i++) {
    const after = [rng.range(-0.05, 0.05), rng.range(-0.05, 0.05), 0];
    const depth = Math.hypot(after[0], after[1]);
    const got = cost([-0.2, 0, 0], [0, 0, 0], [9, 9, 0], after);
    assert.ok(Math.abs(got - Math.max(0, 1 - depth / O.inside)) < 1e-6, `${got} at ${depth}`);
  }
});
