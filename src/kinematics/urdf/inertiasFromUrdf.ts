import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import type { LinkInertia } from "../Arm.js";
import type { PlacedLink } from "./placeLinks.js";
import type { Urdf } from "./Urdf.js";

/**
 * Mass properties [nq] of the arm's moving links, each with everything fixed to it, including a gripper at rest:
 *   m = Σ mᵢ,  c = Σ mᵢcᵢ/m,  I = Σ RᵢIᵢRᵢᵀ + mᵢ(|d|²·1 − ddᵀ), d = cᵢ − c   (parallel axes)
 */
export function inertiasFromUrdf(urdf: Urdf, placed: readonly PlacedLink[], nq: number): readonly LinkInertia[] {
  return Array.from({ length: nq }, (_, j) => {
    const bodies = placed.flatMap((at) => {
      const inertial = urdf.links.get(at.link)!.inertial;
      if (at.frame !== j + 1 || inertial === undefined || inertial.mass === 0) return [];
      const local = transformFromRpy(new Float64Array(12), 0, inertial.origin.xyz, inertial.origin.rpy);
      return [
        {
          mass: inertial.mass,
          inertia: inertial.inertia,
          pose: mulTransform(new Float64Array(12), 0, at.poses[0], 0, local, 0),
        },
      ];
    });
    const mass = bodies.reduce((sum, b) => sum + b.mass, 0);
    const com = [3, 7, 11].map((k) => bodies.reduce((sum, b) => sum + b.mass * b.pose[k], 0) / (mass || 1));
    const I = new Float64Array(6);
    for (const {
      mass: m,
      inertia: [xx, xy, xz, yy, yz, zz],
      pose: R,
    } of bodies) {
      const d = [R[3] - com[0], R[7] - com[1], R[11] - com[2]],
        dd = d[0] ** 2 + d[1] ** 2 + d[2] ** 2;
      [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 1],
        [1, 2],
        [2, 2],
      ].forEach(([r, c], k) => {
        const a = R.subarray(4 * r, 4 * r + 3),
          b = R.subarray(4 * c, 4 * c + 3);
        I[k] +=
          a[0] * (xx * b[0] + xy * b[1] + xz * b[2]) +
          a[1] * (xy * b[0] + yy * b[1] + yz * b[2]) +
          a[2] * (xz * b[0] + yz * b[1] + zz * b[2]);
        I[k] += m * ((r === c ? dd : 0) - d[r] * d[c]);
      });
    }
    return { mass, com: [com[0], com[1], com[2]], inertia: [I[0], I[1], I[2], I[3], I[4], I[5]] };
  });
}
