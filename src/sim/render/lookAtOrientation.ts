import type { Quat, Vec3 } from "../../core/geometry/Shape.js";

/**
 * The orientation (x, y, z, w) of a frame whose x axis points from one point to another and whose y axis is horizontal:
 * a rotation by the pitch about y, then by the yaw about z.
 */
export function lookAtOrientation(from: Vec3, to: Vec3): Quat {
  const [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const yaw = Math.atan2(y, x) / 2,
    pitch = -Math.atan2(z, Math.hypot(x, y)) / 2;
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [-sy * sp, cy * sp, sy * cp, cy * cp];
}
