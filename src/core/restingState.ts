import type { Seconds } from "./Seconds.js";
import type { State } from "./State.js";

/** An arm at rest at q [nq] (rad), in a world of which nothing else is known. */
export function restingState(q: Float64Array, stamp: Seconds = 0): State {
  return { stamp, q, v: new Float64Array(q.length), objects: new Map(), bodies: [] };
}
