import type { Vec3 } from "../../src/core/geometry/Shape.js";
import type { Arm } from "../../src/kinematics/Arm.js";

/**
 * An arm whose last link carries a point mass m (kg) at `com` of the tool frame: masses add, and the parallel-axis
 * theorem moves both inertias to the common centre.
 */
export function withPayload(arm: Arm, m: number, com: Vec3): Arm {
  const last = arm.inertias[arm.nq - 1],
    T = arm.toolOffset;
  const at: Vec3 = [0, 1, 2].map(
    (r) => T[4 * r] * com[0] + T[4 * r + 1] * com[1] + T[4 * r + 2] * com[2] + T[4 * r + 3],
  ) as unknown as Vec3;
  const mass = last.mass + m;
  if (!(mass > 0)) return arm;
  const centre: Vec3 = [0, 1, 2].map((i) => (last.mass * last.com[i] + m * at[i]) / mass) as unknown as Vec3;
  const inertia = [...last.inertia];
  for (const [part, p] of [
    [last.mass, last.com],
    [m, at],
  ] as const) {
    const [x, y, z] = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
    [y * y + z * z, -x * y, -x * z, x * x + z * z, -y * z, x * x + y * y].forEach((d, i) => (inertia[i] += part * d));
  }
  return {
    ...arm,
    inertias: [...arm.inertias.slice(0, -1), { mass, com: centre, inertia: inertia as unknown as typeof last.inertia }],
  };
}
