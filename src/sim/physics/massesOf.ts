import type { Solid } from "../../config/geometry.js";
import { partsOf } from "../../config/hollow.js";
import type { SceneObject } from "../../config/SceneConfig.js";

/** The convex parts of an object, with the object's mass shared among them by volume. */
export function massesOf(o: SceneObject): { readonly part: Solid; readonly mass: number }[] {
  const parts = partsOf<Solid>(o);
  if (parts.length === 1) return [{ part: parts[0], mass: o.mass }];
  const volumes = parts.map(volumeOf),
    all = volumes.reduce((sum, v) => sum + v, 0);
  return parts.map((part, i) => ({ part, mass: (o.mass * volumes[i]) / all }));
}

/** m³ */
function volumeOf(s: Solid): number {
  switch (s.kind) {
    case "box":
      return s.config.size[0] * s.config.size[1] * s.config.size[2];
    case "sphere":
      return (4 / 3) * Math.PI * s.config.radius ** 3;
    case "cylinder":
      return Math.PI * s.config.radius ** 2 * s.config.height;
    case "capsule": {
      const { p0, p1, radius: r } = s.config;
      return Math.PI * r * r * (Math.hypot(p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]) + (4 / 3) * r);
    }
    default:
      return s satisfies never;
  }
}
