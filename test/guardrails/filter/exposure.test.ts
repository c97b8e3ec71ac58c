import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "../../../src/core/State.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { FailSafePaths } from "../../../src/guardrails/filter/FailSafePaths.js";
import { arm } from "../setups.js";

const DT = 0.01;

test("at each knot a person has come nearer since now, until the next knot, and no longer than the arm moves", () => {
  const { limits } = arm("arm7"),
    n = limits.lo.length,
    rng = new Rng(1),
    paths = new FailSafePaths(limits, 1, DT);
  let knots = 0;
  for (let trial = 0; trial < 200; trial++) {
    const q = Float64Array.from(limits.lo, (lo, j) => 0.5 * (lo + limits.hi[j])),
      v = Float64Array.from(limits.velocity, (V) => V * rng.range(-0.9, 0.9)),
      w = Float64Array.from(limits.velocity, (V) => V * rng.range(-1, 1)),
      now = rng.range(10, 20),
      lead = rng.range(0, 0.1);
    paths.request(q, v, undefined, w);
    const N = paths.lay(now + lead, q, v, undefined, 1, { stamp: now } as State),
      path = paths.paths[N];
    for (let k = 0; k < N; k++) {
      // the last speed of any joint before which it still moves
      let rest = N - 1;
      while (rest > 0 && path.v.subarray((rest - 1) * n, rest * n).every((x) => x === 0)) rest--;
      const wanted = lead + Math.min(k + 1, rest) * DT;
      assert.ok(Math.abs(path.exposure[k] - wanted) < 1e-9, `knot ${k} of ${N}: ${path.exposure[k]}, want ${wanted}`);
      knots++;
    }
  }
  assert.ok(knots > 2000, `${knots} knots`);
});
