import assert from "node:assert/strict";
import { test } from "node:test";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { PreparedShape } from "../../../src/core/geometry/PreparedShape.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { segmentBoxDistance } from "../../../src/core/geometry/segmentBoxDistance.js";
import type { Quat, Shape, Vec3 } from "../../../src/core/geometry/Shape.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import { transformFromQuat } from "../../../src/core/geometry/transformFromQuat.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";

const near = (a: number, b: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a} against ${b}`);
const vec = (rng: Rng, size = 1): [number, number, number] => [
  rng.normal() * size,
  rng.normal() * size,
  rng.normal() * size,
];
const quat = (rng: Rng): Quat => [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
const segment = (rng: Rng, size = 1): Float64Array => Float64Array.of(...vec(rng), ...vec(rng, size));
const carry = (pose: Float64Array, s: Float64Array): Float64Array => {
  const out = new Float64Array(6);
  transformPoint(out, 0, pose, 0, s, 0);
  transformPoint(out, 3, pose, 0, s, 3);
  return out;
};
/** Kinds of segments that break formulas: of no length, parallel to another, along an axis, touching. */
const awkward = (rng: Rng, s: Float64Array, other: Float64Array): Float64Array => {
  const kind = Math.floor(rng.range(0, 6)),
    d = rng.range(-2, 2);
  if (kind === 0) for (let i = 0; i < 3; i++) s[3 + i] = s[i];
  if (kind === 1) for (let i = 0; i < 3; i++) s[3 + i] = s[i] + d * (other[3 + i] - other[i]) + rng.normal() * 1e-9;
  if (kind === 2) for (let i = 1; i < 3; i++) s[3 + i] = s[i];
  return s;
};

/** Least of a convex function on [0,1], by ternary search. */
function least(f: (t: number) => number): number {
  let lo = 0,
    hi = 1;
  for (let k = 0; k < 90; k++) {
    const a = lo + (hi - lo) * 0.45,
      b = hi - (hi - lo) * 0.45;
    if (f(a) <= f(b)) hi = b;
    else lo = a;
  }
  return Math.min(f((lo + hi) / 2), f(0), f(1));
}

const along = (s: Float64Array, t: number, i: number): number => s[i] + t * (s[3 + i] - s[i]);

test("two capsules are as far apart as a nested convex search finds", () => {
  const rng = new Rng(1);
  for (let k = 0; k < 600; k++) {
    const a = segment(rng),
      b = awkward(rng, segment(rng), a),
      ra = rng.range(0, 0.3),
      rb = rng.range(0, 0.3);
    const brute =
      least((s) =>
        least((t) =>
          Math.hypot(along(a, s, 0) - along(b, t, 0), along(a, s, 1) - along(b, t, 1), along(a, s, 2) - along(b, t, 2)),
        ),
      ) -
      ra -
      rb;
    near(capsuleDistance(a, 0, ra, b, 0, rb), brute, 1e-7, `capsules ${k}`);
  }
});

test("capsule distance is the same either way round, and either end first", () => {
  const rng = new Rng(2);
  for (let k = 0; k < 20000; k++) {
    const a = segment(rng),
      b = awkward(rng, segment(rng), a),
      turned = Float64Array.of(...a.subarray(3), ...a.subarray(0, 3));
    const d = capsuleDistance(a, 0, 0.1, b, 0, 0.2);
    near(capsuleDistance(b, 0, 0.2, a, 0, 0.1), d, 1e-7, "swapped");
    near(capsuleDistance(turned, 0, 0.1, b, 0, 0.2), d, 1e-7, "turned round");
  }
});

function pointBox(p: readonly number[], half: readonly number[]): number {
  return Math.hypot(...p.map((x, i) => Math.max(Math.abs(x) - half[i], 0)));
}

test("a segment outside a box is as far as a convex search along it finds", () => {
  const rng = new Rng(3);
  let outside = 0;
  for (let k = 0; k < 20000; k++) {
    const half = vec(rng, 0.5).map(Math.abs),
      s = awkward(rng, segment(rng, 1.5), segment(rng));
    const box = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, ...half);
    const d = segmentBoxDistance(s, 0, box, 0);
    const brute = least((t) => pointBox([along(s, t, 0), along(s, t, 1), along(s, t, 2)], half));
    if (d > 0) (outside++, near(d, brute, 1e-9, `segment ${k}`));
    else near(brute, 0, 1e-9, `segment ${k} touches`);
  }
  assert.ok(outside > 5000, "both sides are tried");
});

test("a segment in a box is as deep as the least translation that parts them", () => {
  const rng = new Rng(4);
  for (let k = 0, inside = 0; inside < 200; k++) {
    const half = vec(rng, 0.5).map((x) => Math.abs(x) + 0.05),
      s = segment(rng, 0.8);
    for (let i = 0; i < 6; i++) s[i] *= 0.5;
    const box = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, ...half);
    const d = segmentBoxDistance(s, 0, box, 0);
    if (d >= 0) continue;
    inside++;
    const parts = (n: readonly number[]): number => {
      const l = Math.hypot(...n),
        low = Math.min(...[0, 3].map((e) => (s[e] * n[0] + s[e + 1] * n[1] + s[e + 2] * n[2]) / l));
      return half.reduce((sum, h, i) => sum + (h * Math.abs(n[i])) / l, 0) - low;
    };
    let best = Infinity;
    for (let start = 0; start < 24; start++) {
      let n = vec(rng),
        here = parts(n);
      for (let m = 0; m < 1200; m++) {
        const size = 2 * 0.985 ** m * Math.hypot(...n),
          step = vec(rng, size),
          trial = n.map((x, i) => x + step[i]) as [number, number, number],
          there = parts(trial);
        if (there < here) ((here = there), (n = trial));
      }
      best = Math.min(best, here);
    }
    assert.ok(-d <= best + 1e-9, `depth ${-d}, yet ${best} parts them`);
    near(-d, best, 1e-3, `depth ${inside}`);
  }
});

test("box distance does not change when segment and box are moved together", () => {
  const rng = new Rng(5);
  for (let k = 0; k < 5000; k++) {
    const size = vec(rng, 0.6).map(Math.abs) as unknown as Vec3;
    const pose = transformFromQuat(new Float64Array(12), 0, quat(rng), vec(rng)),
      move = transformFromQuat(new Float64Array(12), 0, quat(rng), vec(rng));
    const moved = mulTransform(new Float64Array(12), 0, move, 0, pose, 0),
      s = segment(rng);
    const d = segmentBoxDistance(s, 0, Float64Array.of(...pose, ...size), 0);
    near(segmentBoxDistance(carry(move, s), 0, Float64Array.of(...moved, ...size), 0), d, 1e-9, "moved together");
  }
});

const shapes = (rng: Rng): Shape[] => [
  { kind: "box", center: vec(rng, 0.3), size: vec(rng, 0.6).map(Math.abs) as unknown as Vec3, orientation: quat(rng) },
  { kind: "capsule", p0: vec(rng), p1: vec(rng), radius: rng.range(0, 0.3) },
  { kind: "halfSpace", normal: vec(rng), offset: rng.normal() },
];

test("every shape's distance changes by no more than the segment is moved, in touch and overlap too", () => {
  const rng = new Rng(6);
  for (let k = 0; k < 3000; k++)
    for (const shape of shapes(rng)) {
      const prepared = new PreparedShape(shape),
        s = segment(rng, 0.5),
        step = 10 ** rng.range(-9, -0.5);
      const n = vec(rng),
        l = Math.hypot(...n),
        moved = s.map((x, i) => x + (step * n[i % 3]) / l);
      // A capsule's overlap is that of its centre lines, which passes through 0 at their crossing: 1-Lipschitz as well.
      const change = Math.abs(prepared.distance(moved, 0, 0.05) - prepared.distance(s, 0, 0.05));
      assert.ok(change <= step * (1 + 1e-6) + 1e-8, `${shape.kind}: moved ${step}, changed ${change}`);
    }
});

test("a radius counts in full for every shape, and offsets are honoured", () => {
  const rng = new Rng(7);
  for (let k = 0; k < 1000; k++)
    for (const shape of shapes(rng)) {
      const prepared = new PreparedShape(shape),
        s = segment(rng),
        r = rng.range(0, 1),
        padded = Float64Array.of(NaN, NaN, ...s);
      near(prepared.distance(padded, 2, r), prepared.distance(s, 0, 0) - r, 1e-12, shape.kind);
    }
});

test("a half-space of any normal length is the plane normal·x = offset", () => {
  const plane = new PreparedShape({ kind: "halfSpace", normal: [0, 0, 2], offset: 0.2 }); // z ≤ 0.1 is solid
  near(plane.distance(Float64Array.of(0, 0, 0.5, 9, 9, 0.3), 0, 0.05), 0.15, 1e-12, "above");
  near(plane.distance(Float64Array.of(0, 0, 0.5, 9, 9, 0), 0, 0.05), -0.15, 1e-12, "one end below");
});

test("impossible shapes are refused by name", () => {
  assert.throws(
    () => new PreparedShape({ kind: "box", center: [0, 0, NaN], size: [1, 1, 1], orientation: [0, 0, 0, 1] }),
    /box/,
  );
  assert.throws(
    () => new PreparedShape({ kind: "box", center: [0, 0, 0], size: [1, -1, 1], orientation: [0, 0, 0, 1] }),
    /box size: got -0.5/,
  );
  assert.throws(
    () => new PreparedShape({ kind: "box", center: [0, 0, 0], size: [1, 1, 1], orientation: [0, 0, 0, 0] }),
    /box/,
  );
  assert.throws(
    () => new PreparedShape({ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 1], radius: -1 }),
    /capsule radius/,
  );
  assert.throws(() => new PreparedShape({ kind: "halfSpace", normal: [0, 0, 0], offset: 0 }), /halfSpace/);
  assert.throws(() => new PreparedShape({ kind: "cone" } as unknown as Shape), /cone/);
});
