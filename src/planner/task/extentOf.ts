import type { Shape } from "../../core/geometry/Shape.js";
import { cornersOf } from "../../kinematics/shapes/cornersOf.js";

/** The box about some shapes, with edges along the axes of a frame, m. */
export interface Extent {
  readonly low: Float64Array; // [3]
  readonly high: Float64Array; // [3]
}

/** @param t [12] pose of the shapes' frame; absent: their own frame */
export function extentOf(parts: readonly Shape[], t?: Float64Array): Extent {
  const low = new Float64Array(3).fill(Infinity),
    high = new Float64Array(3).fill(-Infinity);
  for (const part of parts) {
    const { points, radius } = cornersOf(part);
    for (const p of points)
      for (let i = 0; i < 3; i++) {
        const x = t === undefined ? p[i] : t[4 * i] * p[0] + t[4 * i + 1] * p[1] + t[4 * i + 2] * p[2] + t[4 * i + 3];
        low[i] = Math.min(low[i], x - radius);
        high[i] = Math.max(high[i], x + radius);
      }
  }
  return { low, high };
}
