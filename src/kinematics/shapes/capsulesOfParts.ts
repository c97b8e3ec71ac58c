import type { Shape, Vec3 } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import { boundingBoxOf } from "./boundingBoxOf.js";
import { capsulesOfBox, type BoxCapsule } from "./capsulesOfBox.js";
import { cornersOf } from "./cornersOf.js";

const MOST = 6; // capsules in all: every one costs time at every tick
const WHOLE = 4; // of the one box about everything
const ROUNDING = 1e-9; // m

/**
 * At most six capsules that together enclose convex parts grown by `grown` m: each part by its own, or the box about
 * all of them, whichever reaches less far out (a cup has walls too thin and too many for capsules of their own).
 *
 * @throws RangeError for a half-space
 */
export function capsulesOfParts(parts: readonly Shape[], grown: number): readonly BoxCapsule[] {
  const whole = cover(boundingBoxOf(parts), WHOLE, grown);
  if (parts.length > MOST) return whole.capsules;
  const each = parts.map((part) => cover(part, Math.max(1, Math.floor(WHOLE / parts.length)), grown));
  const reach = Math.max(...each.map(({ excess }) => excess));
  return reach <= whole.excess ? each.flatMap(({ capsules }) => capsules) : whole.capsules;
}

function cover(
  part: Shape,
  most: number,
  grown: number,
): { readonly capsules: readonly BoxCapsule[]; readonly excess: number } {
  if (part.kind !== "box") {
    const { points, radius } = cornersOf(part);
    return { capsules: [{ p0: points[0], p1: points[1], radius: radius + grown + ROUNDING }], excess: 0 };
  }
  const { capsules, excess } = capsulesOfBox(part.size, most);
  const pose = transformFromQuat(new Float64Array(12), 0, part.orientation, part.center);
  const place = (p: Vec3): Vec3 => {
    const x = transformPoint(new Float64Array(3), 0, pose, 0, Float64Array.from(p), 0);
    return [x[0], x[1], x[2]];
  };
  return {
    capsules: capsules.map(({ p0, p1, radius }) => ({
      p0: place(p0),
      p1: place(p1),
      radius: radius + grown + ROUNDING,
    })),
    excess,
  };
}
