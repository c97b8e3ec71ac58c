import type { Shape } from "./Shape.js";
import { measureSegmentBox } from "./measureSegmentBox.js";
import { segmentDistance } from "./segmentDistance.js";
import { segmentHalfSpaceDistance } from "./segmentHalfSpaceDistance.js";
import { transformFromQuat } from "./transformFromQuat.js";

const BOX = 0,
  CAPSULE = 1,
  HALF_SPACE = 2;
const TOUCH = 1e-6; // m: nearer than this a direction is rounding
const measured = new Float64Array(4);

/**
 * A shape laid out once for many distance queries. `data`: a box is its pose (3×4) and half edges [15], a capsule its
 * end points [6] and radius, a half-space its unit normal [3] and offset. Throws RangeError on a non-finite number, a
 * negative size, a zero quaternion or a zero normal. Quaternions and normals need not have length 1; `offset` is scaled
 * with the normal.
 */
export class PreparedShape {
  readonly data: Float64Array;
  readonly kind: Shape["kind"];
  private readonly code: number;

  constructor(shape: Shape) {
    this.kind = shape.kind;
    switch (shape.kind) {
      case "box": {
        this.code = BOX;
        this.data = transformFromQuat(new Float64Array(15), 0, shape.orientation, shape.center);
        for (let i = 0; i < 3; i++) this.data[12 + i] = nonNegative(shape.size[i] / 2, "box size");
        break;
      }
      case "capsule":
        this.code = CAPSULE;
        this.data = Float64Array.of(...shape.p0, ...shape.p1, nonNegative(shape.radius, "capsule radius"));
        break;
      case "halfSpace": {
        this.code = HALF_SPACE;
        const n = Math.hypot(...shape.normal);
        this.data = Float64Array.of(shape.normal[0] / n, shape.normal[1] / n, shape.normal[2] / n, shape.offset / n);
        break;
      }
      default:
        shape satisfies never;
        throw new RangeError(
          `shape: got kind ${JSON.stringify((shape as Shape).kind)}, want box, capsule or halfSpace`,
        );
    }
    for (const x of this.data)
      if (!Number.isFinite(x))
        throw new RangeError(
          `${shape.kind}: got ${JSON.stringify(shape)}, want finite numbers and a direction of length > 0`,
        );
  }

  /**
   * Signed distance (m) of a capsule to this shape: ≥ 0 apart (exact), < 0 the depth of the overlap.
   * seg: end points, 6 numbers from the offset; radius in m.
   */
  distance(seg: Float64Array, is: number, radius: number): number {
    this.measure(measured, seg, is);
    return measured[0] - radius;
  }

  /**
   * The same of a bare segment into out[0], without allocating. Into out[1…3] the unit vector n from the shape's
   * nearest point to the segment's, 0 where they touch or the shape is a capsule: a segment apart lies wholly beyond
   * the plane across n, d from the shape, so moved by δ anywhere it is no nearer than d + min n·δ.
   */
  measure(out: Float64Array, seg: Float64Array, is: number): void {
    const { data, code } = this;
    if (code === BOX) {
      measureSegmentBox(out, seg, is, data, 0);
      const scale = out[0] > TOUCH ? 1 / out[0] : 0;
      const x = scale * out[1],
        y = scale * out[2],
        z = scale * out[3];
      out[1] = data[0] * x + data[1] * y + data[2] * z;
      out[2] = data[4] * x + data[5] * y + data[6] * z;
      out[3] = data[8] * x + data[9] * y + data[10] * z;
    } else if (code === CAPSULE) {
      segmentDistance(out, seg, is, data, 0);
      out[0] -= data[6];
      out[1] = out[2] = out[3] = 0;
    } else {
      out[0] = segmentHalfSpaceDistance(seg, is, data, 0);
      ((out[1] = data[0]), (out[2] = data[1]), (out[3] = data[2]));
    }
  }

  /**
   * Whether the point ball[0..3) is at least ball[3] m away: a cheap look before an exact distance. Never true for NaN,
   * nor for capsules, whose exact distance is as cheap.
   */
  beyond(ball: Float64Array): boolean {
    const { data: d } = this;
    const x = ball[0],
      y = ball[1],
      z = ball[2],
      reach = ball[3];
    if (this.code === BOX) {
      if (!(reach > 0)) return false;
      const X = x - d[3],
        Y = y - d[7],
        Z = z - d[11];
      const a = Math.max(0, Math.abs(d[0] * X + d[4] * Y + d[8] * Z) - d[12]);
      const b = Math.max(0, Math.abs(d[1] * X + d[5] * Y + d[9] * Z) - d[13]);
      const c = Math.max(0, Math.abs(d[2] * X + d[6] * Y + d[10] * Z) - d[14]);
      return a * a + b * b + c * c >= reach * reach;
    }
    return this.code === HALF_SPACE && d[0] * x + d[1] * y + d[2] * z - d[3] >= reach;
  }
}

function nonNegative(x: number, what: string): number {
  if (!(x >= 0)) throw new RangeError(`${what}: got ${x}, want ≥ 0 m`);
  return x;
}
