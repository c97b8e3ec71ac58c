import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Vec3 } from "../../../src/core/geometry/Shape.js";
import { bind } from "../goalContext.js";
import { about, at, BLOCK, errorOf, hand, LONG, ROOM } from "./handContext.js";

type Point = readonly number[];

/** The corners of a box with its edges turned about z, by a matrix of the test's own. */
function corners(size: Vec3, centre: Point, yaw: number): number[][] {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return [-1, 1].flatMap((i) =>
    [-1, 1].flatMap((j) =>
      [-1, 1].map((k) => {
        const [x, y, z] = [(i * size[0]) / 2, (j * size[1]) / 2, (k * size[2]) / 2];
        return [centre[0] + c * x - s * y, centre[1] + s * x + c * y, centre[2] + z];
      }),
    ),
  );
}
const least = (points: number[][], c: number): number => Math.min(...points.map((p) => p[c]));
const greatest = (points: number[][], c: number): number => Math.max(...points.map((p) => p[c]));
const goalOf = (text: string) => bind(`{ ${text} }`, hand).goal[0];

test("on: just where the centre of mass is over the face, and the lowest point at its height", () => {
  const rng = new Rng(3),
    goal = goalOf("relation: { on: [block, long], tolerance: 1 cm }");
  const seen = { true: 0, false: 0 };
  for (let i = 0; i < 2000; i++) {
    const centre = [0.4, -0.1, 0.025],
      yaw = rng.range(-3, 3),
      turn = rng.range(-3, 3);
    const offset = [rng.range(-0.05, 0.05), rng.range(-0.1, 0.1)];
    const place = [centre[0] + offset[0], centre[1] + offset[1], 0.05 + 0.03 + rng.range(-0.02, 0.02)];
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
    const over =
      Math.abs(c * offset[0] + s * offset[1]) <= LONG[0] / 2 && Math.abs(c * offset[1] - s * offset[0]) <= LONG[1] / 2;
    const want = over && Math.abs(least(corners(BLOCK, place, turn), 2) - 0.05) <= 0.01;
    const error = errorOf(goal, [
      at("block", place, about([0, 0, 1], turn)),
      at("long", centre, about([0, 0, 1], yaw)),
    ]);
    assert.equal(error <= 1, want, `${place}, turned ${turn}, on one turned ${yaw}: ${error}`);
    seen[`${want}`]++;
  }
  assert.ok(seen.true > 100 && seen.false > 100);
});

test("on: a thing that lies on its side is as low as its lowest corner, and a tipped one is not on", () => {
  const goal = goalOf("relation: { object: long, on: table, tolerance: 5 mm }");
  const lying = (angle: number, height: number): number =>
    errorOf(goal, [at("long", [0.4, 0, height], about([1, 0, 0], angle))]);
  assert.ok(lying(0, 0.025) < 1e-9);
  assert.ok(lying(Math.PI / 2, 0.07) < 1e-9); // it stands on its end
  assert.ok(Math.abs(lying(Math.PI / 2, 0.08) - 2) < 1e-9);
  const low = 0.07 * Math.sin(0.3) + 0.025 * Math.cos(0.3);
  assert.ok(lying(0.3, low) < 1e-9 && Math.abs(lying(0.3, low + 0.01) - 2) < 1e-9);
});

test("on: a face that is not quite level is as high as it is under the centre of mass", () => {
  const goal = goalOf("relation: { on: [ball, long], tolerance: 5 mm }");
  const angle = 0.1,
    turned = about([1, 0, 0], angle);
  // the upper face is the plane through n·h/2 with normal n = (0, −sin, cos)
  const y = 0.05,
    height = (LONG[2] / 2 + y * Math.sin(angle)) / Math.cos(angle);
  const balls = [0, 0.01].map((more) =>
    errorOf(goal, [at("long", [0, 0, 0], turned), at("ball", [0, y, height + 0.03 + more])]),
  );
  assert.ok(balls[0] <= 1 && Math.abs(balls[1] - 2) < 1e-9, `${balls}`);
});

test("in: just where the enclosing box is within the room, and the lowest point between floor and rim", () => {
  const rng = new Rng(4),
    goal = goalOf("relation: { in: [long, bin], tolerance: 1 cm }");
  const seen = { true: 0, false: 0 };
  for (let i = 0; i < 2000; i++) {
    const yaw = rng.range(-3, 3),
      place = [rng.range(0.42, 0.58), rng.range(0.18, 0.42), rng.range(0.015, 0.13)];
    const p = corners(LONG, place, yaw);
    const out = [0, 1].map((c) => {
      const [middle, half] = [c === 0 ? 0.5 : 0.3, ROOM[c] / 2];
      return Math.max(0, middle - half - least(p, c), greatest(p, c) - middle - half);
    });
    const want = Math.hypot(...out) <= 0.01 && least(p, 2) >= 0 && least(p, 2) <= 0.09;
    const error = errorOf(goal, [at("long", place, about([0, 0, 1], yaw))]);
    assert.equal(error <= 1, want, `${place}, turned ${yaw}: ${error}`);
    seen[`${want}`]++;
  }
  assert.ok(seen.true > 100 && seen.false > 100);
});

test("in: the room of a cup moves and tips with the cup", () => {
  const goal = goalOf("relation: { in: [ball, cup], tolerance: 1 mm }");
  const tipped = about([0, 1, 0], Math.PI / 2); // its mouth now looks along x
  assert.ok(errorOf(goal, [at("cup", [0.4, 0.2, 0.04]), at("ball", [0.4, 0.2, 0.04])]) <= 1);
  assert.ok(errorOf(goal, [at("cup", [0.4, 0.2, 0.035], tipped), at("ball", [0.41, 0.2, 0.035])]) <= 1);
  assert.ok(errorOf(goal, [at("cup", [0.4, 0.2, 0.035], tipped), at("ball", [0.48, 0.2, 0.035])]) > 1);
  assert.ok(errorOf(goal, [at("cup", [0.4, 0.2, 0.04]), at("ball", [0.41, 0.2, 0.04])]) > 1);
});

test("beside: just where the gap of the boxes with edges along x and y is small, and both stand equally high", () => {
  const rng = new Rng(5),
    goal = goalOf("relation: { beside: [block, long], gap: 6 cm, tolerance: 1 cm }");
  const seen = { true: 0, false: 0 };
  for (let i = 0; i < 2000; i++) {
    const [yaw, turn] = [rng.range(-3, 3), rng.range(-3, 3)],
      place = [rng.range(-0.25, 0.25), rng.range(-0.25, 0.25), 0.03 + rng.range(-0.02, 0.02)];
    const [a, b] = [corners(BLOCK, place, turn), corners(LONG, [0, 0, 0.025], yaw)];
    const gaps = [0, 1].map((c) => Math.max(0, least(a, c) - greatest(b, c), least(b, c) - greatest(a, c)));
    const want = Math.hypot(...gaps) <= 0.06 && Math.abs(least(a, 2) - least(b, 2)) <= 0.01;
    const error = errorOf(goal, [
      at("block", place, about([0, 0, 1], turn)),
      at("long", [0, 0, 0.025], about([0, 0, 1], yaw)),
    ]);
    assert.equal(error <= 1, want, `${place}: ${error}`);
    seen[`${want}`]++;
  }
  assert.ok(seen.true > 100 && seen.false > 100);
});

test("no relation holds while the hand holds the thing, whichever it is", () => {
  for (const [text, where] of [
    ["on: [block, table]", [0.4, 0, 0.03]],
    ["in: [block, bin]", [0.5, 0.3, 0.04]],
    ["beside: [block, bin], tolerance: 2 cm", [0.35, 0.3, 0.03]],
    ["left_of: [block, table]", [0.3, 0.1, 0.03]],
    ["behind: [block, bin]", [0.6, 0, 0.03]],
  ] as const) {
    const goal = goalOf(`relation: { ${text} }`);
    assert.ok(errorOf(goal, [at("block", where)]) <= 1, text);
    assert.ok(errorOf(goal, [at("block", where)], "long") <= 1, text);
    assert.ok(errorOf(goal, [at("block", where)], "block") > 1, text);
  }
});
