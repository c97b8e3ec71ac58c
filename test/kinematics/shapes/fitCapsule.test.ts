import assert from "node:assert/strict";
import { test } from "node:test";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import { fitCapsule } from "../../../src/kinematics/shapes/fitCapsule.js";

test("a fitted capsule contains its balls, however many, and is not much larger than one they were drawn from", () => {
  const rng = new Rng(5);
  for (const n of [1, 2, 3, 8, 60, 3000]) {
    const [L, R] = [rng.range(0.1, 0.5), rng.range(0.02, 0.1)],
      balls = new Float64Array(4 * n);
    const turn = transformFromRpy(new Float64Array(12), 0, [1, 2, 3], [rng.normal(), rng.normal(), rng.normal()]);
    for (let i = 0; i < n; i++) {
      const d = [rng.normal(), rng.normal(), rng.normal()],
        r = rng.range(0, R / 2),
        l = Math.hypot(...d) / (R - r);
      balls.set([d[0] / l, d[1] / l, d[2] / l + (i % 2 === 0 ? 0 : L), r], 4 * i);
      transformPoint(balls, 4 * i, turn, 0, balls, 4 * i);
    }
    const c = fitCapsule(balls),
      ends = Float64Array.of(...c.p0, ...c.p1);
    for (let i = 0; i < n; i++)
      assert.ok(
        capsuleDistance(
          Float64Array.of(...balls.subarray(4 * i, 4 * i + 3), ...balls.subarray(4 * i, 4 * i + 3)),
          0,
          0,
          ends,
          0,
          c.radius - balls[4 * i + 3],
        ) <= 1e-9,
      );
    assert.ok(
      c.radius < 1.4 * R && Math.hypot(...[0, 1, 2].map((k) => c.p1[k] - c.p0[k])) < L + R,
      `${n} balls: radius ${c.radius} of ${R}`,
    );
  }
});
