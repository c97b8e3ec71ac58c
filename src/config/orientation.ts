import { z } from "zod";
import { setForm } from "./forms.js";
import type { Quat, Vec3 } from "../core/geometry/Shape.js";
import { angle, vec3 } from "./quantity.js";
import { shown } from "./parseConfig.js";

const rpy = vec3(angle());

const schema = z.unknown().transform((input, context) => {
  const q =
    Array.isArray(input) && input.length === 4 && input.every((x) => typeof x === "number" && Number.isFinite(x))
      ? (input as number[])
      : undefined;
  const norm = q === undefined ? 0 : Math.hypot(...q);
  if (q !== undefined && Math.abs(norm - 1) < 0.01) return q.map((x) => x / norm);
  const angles =
    typeof input === "object" && input !== null && Object.keys(input).join() === "rpy"
      ? rpy.safeParse((input as { rpy: unknown }).rpy)
      : undefined;
  if (angles?.success) return quatFromRpy(angles.data);
  const got = q === undefined ? shown(input) : `a quaternion of norm ${norm.toPrecision(3)}`;
  context.issues.push({
    code: "custom",
    message: `got ${got}, want an orientation: a unit quaternion [x, y, z, w] or { rpy: [roll, pitch, yaw] } (rad)`,
    input,
  });
  return z.NEVER;
});
setForm(schema, { type: "orientation: [x, y, z, w] or { rpy: [roll, pitch, yaw] }", unit: "rad" });

/**
 * An orientation: a quaternion [x, y, z, w] (normalised here) or { rpy: [roll, pitch, yaw] } as in URDF. Returns a unit
 * quaternion x, y, z, w.
 */
export const orientation = schema as unknown as z.ZodType<[number, number, number, number]>;

/** R = Rz(yaw)·Ry(pitch)·Rx(roll), as a quaternion x, y, z, w. */
export function quatFromRpy([roll, pitch, yaw]: Vec3): [number, number, number, number] {
  const [cr, cp, cy] = [Math.cos(roll / 2), Math.cos(pitch / 2), Math.cos(yaw / 2)];
  const [sr, sp, sy] = [Math.sin(roll / 2), Math.sin(pitch / 2), Math.sin(yaw / 2)];
  return [
    sr * cp * cy - cr * sp * sy,
    cr * sp * cy + sr * cp * sy,
    cr * cp * sy - sr * sp * cy,
    cr * cp * cy + sr * sp * sy,
  ];
}

/** q · v · q⁻¹. */
export function rotate([x, y, z, w]: Quat, [a, b, c]: Vec3): [number, number, number] {
  const [tx, ty, tz] = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)];
  return [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx];
}
