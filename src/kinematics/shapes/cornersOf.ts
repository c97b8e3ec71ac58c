import type { Shape, Vec3 } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";

/** Balls whose convex hull is a shape: the corners of a box, the ends of a capsule. */
export interface Corners {
  readonly points: readonly Vec3[]; // m
  readonly radius: number; // m, of the ball about each
}

/** @throws RangeError for a half-space, which has no corners */
export function cornersOf(shape: Shape): Corners {
  switch (shape.kind) {
    case "box": {
      const pose = transformFromQuat(new Float64Array(12), 0, shape.orientation, shape.center);
      const points = Array.from({ length: 8 }, (_, i): Vec3 => {
        const x = Float64Array.from(shape.size, (edge, e) => (((i >> e) & 1) - 0.5) * edge);
        transformPoint(x, 0, pose, 0, x, 0);
        return [x[0], x[1], x[2]];
      });
      return { points, radius: 0 };
    }
    case "capsule":
      return { points: [shape.p0, shape.p1], radius: shape.radius };
    case "halfSpace":
      throw new RangeError("held thing: got a half-space, want boxes and capsules");
    default:
      return shape satisfies never;
  }
}
