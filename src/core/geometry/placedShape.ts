import { transformPoint } from "./transformPoint.js";
import { mulTransform } from "./mulTransform.js";
import { quatFromTransform } from "./quatFromTransform.js";
import type { Quat, Shape, Vec3 } from "./Shape.js";
import { transformFromQuat } from "./transformFromQuat.js";

/** A solid of a thing whose pose is the transform t (12 numbers, rows of 3×4): t · shape. */
export function placedShape(shape: Exclude<Shape, { kind: "halfSpace" }>, t: Float64Array): Shape {
  const at = (p: Vec3): Vec3 => {
    const x = Float64Array.of(p[0], p[1], p[2]);
    transformPoint(x, 0, t, 0, x, 0);
    return [x[0], x[1], x[2]];
  };
  if (shape.kind === "capsule") return { ...shape, p0: at(shape.p0), p1: at(shape.p1) };
  const own = transformFromQuat(new Float64Array(12), 0, shape.orientation, shape.center);
  mulTransform(own, 0, t, 0, own, 0);
  const q = quatFromTransform(new Float64Array(4), 0, own, 0),
    orientation: Quat = [q[0], q[1], q[2], q[3]];
  return { ...shape, center: at(shape.center), orientation };
}
