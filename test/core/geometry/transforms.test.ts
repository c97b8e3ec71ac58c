import assert from "node:assert/strict";
import { test } from "node:test";
import { invertTransform } from "../../../src/core/geometry/invertTransform.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import { quatFromTransform } from "../../../src/core/geometry/quatFromTransform.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { rotationError } from "../../../src/core/geometry/rotationError.js";
import { transformFromQuat } from "../../../src/core/geometry/transformFromQuat.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void =>
  Array.from(a).forEach((x, i) => assert.ok(Math.abs(x - b[i]) <= tolerance, `[${i}] ${x} against ${b[i]}`));
const make = (rng: Rng): Float64Array =>
  transformFromQuat(
    new Float64Array(12),
    0,
    [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
    [rng.normal(), rng.normal(), rng.normal()],
  );
const axisAngle = (axis: readonly number[], angle: number): Float64Array => {
  const l = Math.hypot(...axis),
    s = Math.sin(angle / 2) / l;
  return transformFromQuat(
    new Float64Array(12),
    0,
    [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)],
    [0, 0, 0],
  );
};

test("transforms are a group: (ab)c = a(bc), a⁻¹a = 1, and a product carries points as its factors do", () => {
  const rng = new Rng(1),
    out = (): Float64Array => new Float64Array(12);
  for (let k = 0; k < 1000; k++) {
    const a = make(rng),
      b = make(rng),
      c = make(rng),
      p = Float64Array.of(rng.normal(), rng.normal(), rng.normal());
    const ab = mulTransform(out(), 0, a, 0, b, 0);
    close(
      mulTransform(out(), 0, ab, 0, c, 0),
      mulTransform(out(), 0, a, 0, mulTransform(out(), 0, b, 0, c, 0), 0),
      1e-12,
    );
    close(
      mulTransform(out(), 0, invertTransform(out(), 0, a, 0), 0, a, 0),
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      1e-12,
    );
    const q = transformPoint(new Float64Array(3), 0, a, 0, transformPoint(new Float64Array(3), 0, b, 0, p, 0), 0);
    close(transformPoint(new Float64Array(3), 0, ab, 0, p, 0), q, 1e-12);
  }
});

test("out may be an operand, and offsets touch nothing else", () => {
  const rng = new Rng(2),
    a = make(rng),
    b = make(rng),
    ab = mulTransform(new Float64Array(12), 0, a, 0, b, 0);
  close(mulTransform(b.slice(), 0, a, 0, b, 0), ab, 0);
  const left = a.slice(),
    right = b.slice(),
    inverse = a.slice();
  close(mulTransform(left, 0, left, 0, b, 0), ab, 0);
  close(mulTransform(right, 0, a, 0, right, 0), ab, 0);
  close(invertTransform(inverse, 0, inverse, 0), invertTransform(new Float64Array(12), 0, a, 0), 0);
  const wide = new Float64Array(16).fill(7);
  mulTransform(wide, 2, Float64Array.of(NaN, ...a), 1, Float64Array.of(NaN, NaN, NaN, ...b), 3);
  close(wide, [7, 7, ...ab, 7, 7], 0);
});

test("a quaternion survives the way through a transform, up to length and sign, at every angle", () => {
  const rng = new Rng(3),
    q = new Float64Array(4),
    t = new Float64Array(12);
  for (let k = 0; k < 5000; k++) {
    const axis = [rng.normal(), rng.normal(), rng.normal()],
      angle = k % 3 === 0 ? Math.PI - 10 ** rng.range(-16, -1) : 10 ** rng.range(-16, 0.49);
    const l = Math.hypot(...axis),
      s = Math.sin(angle / 2) / l,
      want = [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)];
    quatFromTransform(
      q,
      0,
      transformFromQuat(
        t,
        0,
        want.map((x) => 3 * x),
        [0, 0, 0],
      ),
      0,
    );
    const sign = q[0] * want[0] + q[1] * want[1] + q[2] * want[2] + q[3] * want[3] < 0 ? -1 : 1;
    close(
      q.map((x) => sign * x),
      want,
      1e-14,
    );
    assert.ok(q[3] >= 0);
  }
});

test("the rotation error turns a onto b about base axes, to full precision from 1e-14 rad to π", () => {
  const rng = new Rng(4),
    w = new Float64Array(3);
  const draws = [() => Math.PI - 10 ** rng.range(-12, -1), () => 10 ** rng.range(-14, 0), () => rng.range(0, Math.PI)];
  for (let k = 0; k < 5000; k++) {
    const a = make(rng),
      axis = [rng.normal(), rng.normal(), rng.normal()],
      l = Math.hypot(...axis);
    const angle = draws[k % 3]();
    const b = mulTransform(new Float64Array(12), 0, axisAngle(axis, angle), 0, a, 0);
    rotationError(w, 0, a, 0, b, 0);
    // at π both ways are as short
    const sign = angle > 3.1 && w[0] * axis[0] + w[1] * axis[1] + w[2] * axis[2] < 0 ? -1 : 1;
    close(
      w.map((x) => sign * x),
      axis.map((x) => (x / l) * angle),
      angle > Math.PI - 1e-6 ? 1e-5 : 1e-14,
    );
  }
  close(rotationError(w, 0, make(new Rng(9)), 0, make(new Rng(9)), 0), [0, 0, 0], 1e-15);
});

test("exactly half a turn about any axis has length π", () => {
  const w = new Float64Array(3),
    one = axisAngle([1, 0, 0], 0);
  for (const axis of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 0],
    [-1, 2, 3],
  ]) {
    rotationError(w, 0, one, 0, axisAngle(axis, Math.PI), 0);
    assert.ok(Math.abs(Math.hypot(...w) - Math.PI) < 1e-12);
  }
});

test("roll, pitch, yaw turn about fixed axes in this order", () => {
  const t = transformFromRpy(new Float64Array(12), 0, [1, 2, 3], [0.3, -0.4, 0.5]),
    u = new Float64Array(12);
  mulTransform(u, 0, axisAngle([0, 0, 1], 0.5), 0, axisAngle([0, 1, 0], -0.4), 0);
  mulTransform(u, 0, u, 0, axisAngle([1, 0, 0], 0.3), 0);
  ((u[3] = 1), (u[7] = 2), (u[11] = 3));
  close(t, u, 1e-15);
});
