import type { Solid } from "../../config/geometry.js";

/**
 * Principal moments of inertia [xx, yy, zz] of a solid of even density about its centre, kg·m², in the axes of the
 * shape (a capsule's z runs along it). Source: the tables of moments of inertia; the capsule is a cylinder with two
 * half balls, as in MuJoCo.
 */
export function solidInertia(s: Solid, mass: number): [number, number, number] {
  switch (s.kind) {
    case "box": {
      const [x, y, z] = s.config.size.map((a) => (mass * a * a) / 12);
      return [y + z, x + z, x + y];
    }
    case "sphere": {
      const i = 0.4 * mass * s.config.radius ** 2;
      return [i, i, i];
    }
    case "cylinder": {
      const { radius: r, height: h } = s.config;
      const across = (mass * (3 * r * r + h * h)) / 12;
      return [across, across, 0.5 * mass * r * r];
    }
    case "capsule": {
      const { p0, p1, radius: r } = s.config;
      const h = Math.hypot(p0[0] - p1[0], p0[1] - p1[1], p0[2] - p1[2]);
      const tube = (mass * h) / (h + (4 / 3) * r),
        balls = mass - tube;
      const across = tube * ((r * r) / 4 + (h * h) / 12) + balls * (0.4 * r * r + 0.375 * r * h + (h * h) / 4);
      return [across, across, 0.5 * tube * r * r + 0.4 * balls * r * r];
    }
    default:
      return s satisfies never;
  }
}
