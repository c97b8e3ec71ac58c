import type { Shape, Vec3 } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { unitVector } from "./unitVector.js";

/**
 * The planes between which a shape lies: [faces,4] of each its outward unit normal and its offset, m, so that the shape
 * is where n·x ≤ o for all of them. Exact but for a capsule, whose box along its axis stands for it.
 */
export function facesOf(shape: Shape): Float64Array {
  switch (shape.kind) {
    case "halfSpace": {
      const size = Math.hypot(...shape.normal);
      return Float64Array.of(...shape.normal.map((x) => x / size), shape.offset / size);
    }
    case "box": {
      const R = transformFromQuat(new Float64Array(12), 0, shape.orientation, shape.center);
      return slabs(
        [0, 1, 2].map((e): Vec3 => [R[e], R[4 + e], R[8 + e]]),
        shape.center,
        [shape.size[0] / 2, shape.size[1] / 2, shape.size[2] / 2],
      );
    }
    case "capsule": {
      const { p0, p1, radius } = shape;
      const way: Vec3 = [p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]],
        length = Math.hypot(...way);
      const z = length > 0 ? unitVector(way) : ([0, 0, 1] as const);
      const x = unitVector(cross(z, Math.abs(z[0]) < 0.5 ? [1, 0, 0] : [0, 1, 0]));
      return slabs(
        [x, cross(z, x), z],
        [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2],
        [radius, radius, radius + length / 2],
      );
    }
    default:
      return shape satisfies never;
  }
}

const slabs = (axes: readonly Vec3[], center: Vec3, half: Vec3): Float64Array =>
  Float64Array.from(
    axes.flatMap((n, e) => {
      const at = n[0] * center[0] + n[1] * center[1] + n[2] * center[2];
      return [...n, half[e] + at, ...n.map((x) => -x), half[e] - at];
    }),
  );

const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
