import type { Seconds } from "../../core/Seconds.js";
import type { Knots } from "./hermite.js";
import type { TrajectoryMessage, TrajectoryPoint } from "./TrajectoryMessage.js";

/** A trajectory in the controller's joint order. It is never changed. */
export interface Spline extends Knots {
  readonly stamp: Seconds | undefined; // undefined: from the update on that takes it
  readonly came: Seconds;
  readonly t: Float64Array; // [N] from the stamp
}

/** From a valid message, whose joint j is the controller's joint order[j]. */
export function splineOf(m: TrajectoryMessage, order: ArrayLike<number>, came: Seconds): Spline {
  const n = order.length;
  const every = (pick: (p: TrajectoryPoint) => ArrayLike<number>): Float64Array | undefined => {
    if (!m.points.every((p) => pick(p).length === n)) return undefined;
    const out = new Float64Array(m.points.length * n);
    m.points.forEach((p, k) => {
      for (let j = 0; j < n; j++) out[k * n + order[j]] = pick(p)[j];
    });
    return out;
  };
  const v = every((p) => p.velocities);
  return {
    stamp: m.stamp,
    came,
    t: Float64Array.from(m.points, (p) => p.timeFromStart),
    q: every((p) => p.positions)!,
    v,
    a: v && every((p) => p.accelerations),
  };
}
