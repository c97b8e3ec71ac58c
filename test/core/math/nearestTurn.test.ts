import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestTurn } from "../../../src/core/math/nearestTurn.js";
import { Rng } from "../../../src/core/math/Rng.js";

test("of all turns of an angle within the limits it is the nearest; where none lies there the angle stays", () => {
  const rng = new Rng(1);
  for (let k = 0; k < 2000; k++) {
    const x = rng.range(-20, 20),
      to = rng.range(-20, 20),
      lo = rng.range(-15, 10),
      hi = lo + rng.range(0, 20);
    const all = Array.from({ length: 21 }, (_, i) => x + 2 * Math.PI * (i - 10)).filter((y) => y >= lo && y <= hi);
    const best = all.reduce((b, y) => (Math.abs(y - to) < Math.abs(b - to) ? y : b), all[0] ?? x);
    assert.ok(
      Math.abs(nearestTurn(x, to, lo, hi) - best) < 1e-9 ||
        Math.abs(Math.abs(nearestTurn(x, to, lo, hi) - to) - Math.abs(best - to)) < 1e-9,
      `${x} ${to} ${lo} ${hi}`,
    );
  }
  assert.equal(nearestTurn(0.1, 0.3), 0.1);
  assert.ok(Number.isNaN(nearestTurn(NaN, 0)));
});
