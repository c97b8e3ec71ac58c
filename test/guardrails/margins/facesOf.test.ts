import assert from "node:assert/strict";
import { test } from "node:test";
import type { Quat, Shape, Vec3 } from "../../../src/core/geometry/Shape.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { facesOf } from "../../../src/guardrails/margins/facesOf.js";
import { turned } from "../HeldOracle.js";
import { shapes } from "./randomShapes.js";

/** The farthest that a shape reaches along a unit direction, m, by its corners or ends. */
function reach(shape: Shape, n: Vec3): number {
  const along = (p: Vec3): number => n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
  if (shape.kind === "capsule") return Math.max(along(shape.p0), along(shape.p1)) + shape.radius;
  if (shape.kind === "halfSpace") return shape.offset / Math.hypot(...shape.normal);
  const size = Math.hypot(...shape.orientation),
    turn = shape.orientation.map((x) => x / size) as unknown as Quat;
  return Math.max(
    ...Array.from({ length: 8 }, (_, i) => {
      const p = turned(turn, shape.size.map((edge, e) => edge * (((i >> e) & 1) - 0.5)) as unknown as Vec3);
      return along(p.map((x, e) => x + shape.center[e]) as unknown as Vec3);
    }),
  );
}

test("every face's plane touches its shape from without, by corners and ends of the checker's own", () => {
  const rng = new Rng(1);
  for (const make of Object.values(shapes))
    for (let i = 0; i < 50; i++) {
      const shape = make(rng),
        faces = facesOf(shape);
      assert.equal(faces.length, shape.kind === "halfSpace" ? 4 : 24);
      for (let f = 0; f < faces.length; f += 4) {
        const n: Vec3 = [faces[f], faces[f + 1], faces[f + 2]];
        assert.ok(Math.abs(Math.hypot(...n) - 1) < 1e-12);
        if (shape.kind === "halfSpace")
          assert.ok(shape.normal.every((x, e) => Math.abs(x / Math.hypot(...shape.normal) - n[e]) < 1e-12));
        assert.ok(
          Math.abs(faces[f + 3] - reach(shape, n)) < 1e-9,
          `${shape.kind}: ${faces[f + 3]}, ${reach(shape, n)}`,
        );
      }
    }
  // a ball has a box too
  const ball = facesOf({ kind: "capsule", p0: [1, 0, 0], p1: [1, 0, 0], radius: 0.1 });
  assert.ok(ball.every(Number.isFinite));
});

test("a box's faces are across its own axes", () => {
  const turn: Quat = [0.5, 0.1, -0.3, 0.806225774829855],
    faces = facesOf({ kind: "box", center: [0, 0, 0], size: [1, 2, 3], orientation: turn });
  const axes: Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  axes.forEach((axis, e) => {
    const want = turned(turn, axis);
    assert.ok(want.every((x, d) => Math.abs(x - faces[8 * e + d]) < 1e-9 && Math.abs(x + faces[8 * e + 4 + d]) < 1e-9));
    assert.ok(Math.abs(faces[8 * e + 3] - (e + 1) / 2) < 1e-9);
  });
});
