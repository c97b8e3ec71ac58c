import type { Shape } from "../../src/core/geometry/Shape.js";
import type { Arm } from "../../src/kinematics/Arm.js";

type Mat = Float64Array; // 4×4 rows

/**
 * The checker's own geometry, which shares no code with the agent's: forward kinematics by products of 4×4 matrices,
 * distances by convex search.
 */
export class OracleGeometry {
  readonly ends: Float64Array; // [nc,6] m
  readonly tool: Mat = new Float64Array(16);
  readonly frames: Mat[]; // of each link, in the base frame
  private readonly origins: Mat[];
  private readonly offset: Mat;
  private readonly motion: Mat = new Float64Array(16);
  private readonly scratch: Mat = new Float64Array(16);

  constructor(readonly arm: Arm) {
    this.frames = Array.from({ length: arm.nq + 1 }, () => identity());
    this.origins = Array.from({ length: arm.nq }, (_, j) => lifted(arm.origins.subarray(12 * j, 12 * j + 12)));
    this.offset = lifted(arm.toolOffset);
    this.ends = new Float64Array(6 * arm.capsules.length);
  }

  /** Places the capsules' axes and the tool for joints q. */
  place(q: ArrayLike<number>): this {
    const { arm, frames, origins, motion, scratch, ends } = this;
    for (let j = 0; j < arm.nq; j++) {
      moveJoint(motion, arm.axes[3 * j], arm.axes[3 * j + 1], arm.axes[3 * j + 2], q[j], arm.kinds[j] === "prismatic");
      product(frames[j + 1], product(scratch, frames[j], origins[j]), motion);
    }
    product(this.tool, frames[arm.nq], this.offset);
    arm.capsules.forEach((c, i) => {
      apply(ends, 6 * i, frames[c.link], c.p0);
      apply(ends, 6 * i + 3, frames[c.link], c.p1);
    });
    return this;
  }

  /** Distance of capsule c to a shape, m; exact where they are apart, 0 or less where they touch. */
  toShape(c: number, shape: Shape): number {
    const { ends, arm } = this,
      r = arm.capsules[c].radius;
    switch (shape.kind) {
      case "capsule":
        return segments(ends, 6 * c, Float64Array.of(...shape.p0, ...shape.p1), 0) - r - shape.radius;
      case "halfSpace": {
        const [x, y, z] = shape.normal,
          n = Math.hypot(x, y, z);
        return (
          Math.min(
            ...[0, 3].map(
              (e) => (x * ends[6 * c + e] + y * ends[6 * c + e + 1] + z * ends[6 * c + e + 2] - shape.offset) / n,
            ),
          ) - r
        );
      }
      case "box":
        return search((t) => toBox(at(ends, 6 * c, t, 0), at(ends, 6 * c, t, 1), at(ends, 6 * c, t, 2), shape)) - r;
    }
  }

  between(a: number, b: number): number {
    return segments(this.ends, 6 * a, this.ends, 6 * b) - this.arm.capsules[a].radius - this.arm.capsules[b].radius;
  }

  toSegment(c: number, segment: Float64Array): number {
    return segments(this.ends, 6 * c, segment, 0) - this.arm.capsules[c].radius;
  }

  /** Distance of the axis's point t ∈ [0,1] of capsule c to a segment. */
  pointToSegment(c: number, t: number, segment: Float64Array, i: number): number {
    return toPoint(at(this.ends, 6 * c, t, 0), at(this.ends, 6 * c, t, 1), at(this.ends, 6 * c, t, 2), segment, i);
  }
}

const at = (s: Float64Array, i: number, t: number, e: number): number => s[i + e] + t * (s[i + 3 + e] - s[i + e]);

/** Least of a convex function on [0,1]. */
function search(f: (t: number) => number): number {
  let lo = 0,
    hi = 1;
  for (let k = 0; k < 40; k++) {
    const a = lo + (hi - lo) * 0.382,
      b = hi - (hi - lo) * 0.382;
    if (f(a) <= f(b)) hi = b;
    else lo = a;
  }
  return Math.min(f(0.5 * (lo + hi)), f(0), f(1));
}

function segments(a: Float64Array, ia: number, b: Float64Array, ib: number): number {
  return search((t) => toPoint(at(a, ia, t, 0), at(a, ia, t, 1), at(a, ia, t, 2), b, ib));
}

/** Distance of a point to a segment. */
function toPoint(x: number, y: number, z: number, s: Float64Array, i: number): number {
  const ux = s[i + 3] - s[i],
    uy = s[i + 4] - s[i + 1],
    uz = s[i + 5] - s[i + 2],
    wx = x - s[i],
    wy = y - s[i + 1],
    wz = z - s[i + 2];
  const l = ux * ux + uy * uy + uz * uz,
    t = l > 0 ? Math.max(0, Math.min(1, (ux * wx + uy * wy + uz * wz) / l)) : 0;
  return Math.sqrt((wx - t * ux) ** 2 + (wy - t * uy) ** 2 + (wz - t * uz) ** 2);
}

/** Distance of a point to a box, 0 within. */
function toBox(
  x: number,
  y: number,
  z: number,
  { center: c, size, orientation }: Extract<Shape, { kind: "box" }>,
): number {
  const l = Math.hypot(...orientation),
    [i, j, k, w] = orientation.map((e) => e / l);
  const v = [x - c[0], y - c[1], z - c[2]];
  // the inverse rotation: v + 2w(u × v) + 2u × (u × v) with u = −(i, j, k)
  const a = [-(j * v[2] - k * v[1]), -(k * v[0] - i * v[2]), -(i * v[1] - j * v[0])];
  const b = [-(j * a[2] - k * a[1]), -(k * a[0] - i * a[2]), -(i * a[1] - j * a[0])];
  return Math.hypot(...[0, 1, 2].map((e) => Math.max(0, Math.abs(v[e] + 2 * w * a[e] + 2 * b[e]) - size[e] / 2)));
}

function identity(): Mat {
  return Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
}

function lifted(rows: ArrayLike<number>): Mat {
  return Float64Array.of(...Array.from(rows), 0, 0, 0, 1);
}

function product(out: Mat, A: Mat, B: Mat): Mat {
  for (let i = 0; i < 16; i += 4)
    for (let j = 0; j < 4; j++)
      out[i + j] = A[i] * B[j] + A[i + 1] * B[4 + j] + A[i + 2] * B[8 + j] + A[i + 3] * B[12 + j];
  return out;
}

/** Rotation about, or shift along, a unit axis (Rodrigues, entry by entry). */
function moveJoint(out: Mat, x: number, y: number, z: number, q: number, slides: boolean): void {
  out.set(identity());
  if (slides) return void ((out[3] = x * q), (out[7] = y * q), (out[11] = z * q));
  const c = Math.cos(q),
    s = Math.sin(q),
    d = 1 - c;
  ((out[0] = c + x * x * d), (out[1] = x * y * d - z * s), (out[2] = x * z * d + y * s));
  ((out[4] = y * x * d + z * s), (out[5] = c + y * y * d), (out[6] = y * z * d - x * s));
  ((out[8] = z * x * d - y * s), (out[9] = z * y * d + x * s), (out[10] = c + z * z * d));
}

function apply(out: Float64Array, o: number, A: Mat, p: ArrayLike<number>): void {
  for (let i = 0; i < 3; i++) out[o + i] = A[4 * i] * p[0] + A[4 * i + 1] * p[1] + A[4 * i + 2] * p[2] + A[4 * i + 3];
}
