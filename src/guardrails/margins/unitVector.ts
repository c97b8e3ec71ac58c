import type { Vec3 } from "../../core/geometry/Shape.js";

/** A direction of length 1. */
export function unitVector(d: Vec3): Vec3 {
  const norm = Math.hypot(...d);
  return [d[0] / norm, d[1] / norm, d[2] / norm];
}
