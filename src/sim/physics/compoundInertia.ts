import type { Solid } from "../../config/geometry.js";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { BodyInertial } from "./armBodies.js";
import { solidInertia } from "./solidInertia.js";

/**
 * Mass, centre of mass and moments about it, in the frame of the parts, of solids joined rigidly: each part's moments
 * turned, R I Rᵀ, and moved by the parallel-axis theorem, + m(|d|² 1 − d dᵀ).
 */
export function compoundInertia(parts: readonly { readonly part: Solid; readonly mass: number }[]): BodyInertial {
  const mass = parts.reduce((sum, p) => sum + p.mass, 0),
    centre: [number, number, number] = [0, 0, 0];
  for (const p of parts) centreOf(p.part).forEach((x, i) => (centre[i] += (p.mass / mass) * x));
  const I = new Float64Array(9);
  for (const { part, mass: m } of parts) {
    const own = solidInertia(part, m),
      t = transformFromQuat(new Float64Array(12), 0, turnOf(part), [0, 0, 0]),
      d = centreOf(part).map((x, i) => x - centre[i]),
      square = d[0] ** 2 + d[1] ** 2 + d[2] ** 2;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        for (let k = 0; k < 3; k++) I[3 * i + j] += t[4 * i + k] * own[k] * t[4 * j + k];
        I[3 * i + j] += m * ((i === j ? square : 0) - d[i] * d[j]);
      }
  }
  return { mass, centre, inertia: [I[0], I[4], I[8], I[1], I[2], I[5]] };
}

function centreOf(s: Solid): Vec3 {
  if (s.kind !== "capsule") return s.config.center;
  const { p0, p1 } = s.config;
  return [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
}

/** Of the axes about which the moments are; the parts of hollow shapes are no capsules. */
function turnOf(s: Solid): Quat {
  if (s.kind === "capsule") throw new RangeError("got a capsule in a compound, want boxes, spheres or cylinders");
  return s.kind === "sphere" ? [0, 0, 0, 1] : s.config.orientation;
}
