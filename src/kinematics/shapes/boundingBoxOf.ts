import type { Shape } from "../../core/geometry/Shape.js";
import { cornersOf } from "./cornersOf.js";

/** The least box along the axes of their frame that encloses shapes. @throws RangeError for a half-space */
export function boundingBoxOf(parts: readonly Shape[]): Extract<Shape, { kind: "box" }> {
  const low = [Infinity, Infinity, Infinity],
    high = [-Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    const { points, radius } = cornersOf(part);
    for (const p of points)
      for (let e = 0; e < 3; e++) {
        low[e] = Math.min(low[e], p[e] - radius);
        high[e] = Math.max(high[e], p[e] + radius);
      }
  }
  return {
    kind: "box",
    center: [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), 0.5 * (low[2] + high[2])],
    size: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
    orientation: [0, 0, 0, 1],
  };
}
