import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { commonAscent } from "../../../src/guardrails/filter/commonAscent.js";

test(
  "where a direction lets all functions grow one is found that does, " +
    "none of them by less than half of what the best would give",
  () => {
    const rng = new Rng(1),
      n = 6,
      w = new Float64Array(n);
    let found = 0;
    for (let i = 0; i < 2000; i++) {
      const count = 1 + (rng.bits() % 8),
        g = Float64Array.from({ length: count * n }, () => rng.range(-1, 1)),
        known = Float64Array.from({ length: n }, () => rng.range(-1, 1));
      const along = (d: Float64Array, k: number): number => d.reduce((sum, x, j) => sum + x * g[k * n + j], 0);
      // turned to the side of `known`
      for (let k = 0; k < count; k++) if (along(known, k) < 0.05) for (let j = 0; j < n; j++) g[k * n + j] *= -1;
      const good = Array.from({ length: count }, (_, k) => along(known, k)).every((x) => x > 0.05);
      const size = Math.hypot(...known);
      if (!commonAscent(w, g, count)) {
        assert.ok(!good, `${count} gradients that all grow along ${known}`);
        continue;
      }
      found++;
      const least = Math.min(...Array.from({ length: count }, (_, k) => along(w, k)));
      assert.ok(least > 0);
      assert.ok(
        least / Math.hypot(...w) >=
          (0.5 * Math.min(...Array.from({ length: count }, (_, k) => along(known, k)))) / size - 1e-9,
      );
    }
    assert.ok(found > 1000, `${found}`);
  },
);

test("of what can only grow at each other's cost there is none, nor of nothing", () => {
  const w = new Float64Array(2);
  assert.ok(!commonAscent(w, Float64Array.of(1, 0, -2, 0), 2));
  assert.ok(!commonAscent(w, Float64Array.of(1, 0, -0.5, 1, -0.5, -1), 3));
  assert.ok(!commonAscent(w, Float64Array.of(1, 0), 0));
  assert.ok(!commonAscent(w, Float64Array.of(NaN, 0), 1));
});
