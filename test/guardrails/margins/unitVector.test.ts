import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Vec3 } from "../../../src/core/geometry/Shape.js";
import { unitVector } from "../../../src/guardrails/margins/unitVector.js";

test("a direction of any length becomes the same direction of length 1", () => {
  const rng = new Rng(5);
  for (let i = 0; i < 100; i++) {
    const size = 10 ** rng.range(-3, 3);
    const d: Vec3 = [size * rng.normal(), size * rng.normal(), size * rng.normal()];
    const u = unitVector(d);
    const dot = d[0] * u[0] + d[1] * u[1] + d[2] * u[2];
    assert.ok(Math.abs(u[0] ** 2 + u[1] ** 2 + u[2] ** 2 - 1) < 1e-12);
    assert.ok(Math.abs(dot - Math.hypot(...d)) < 1e-9 * size, `${d}`);
  }
});
