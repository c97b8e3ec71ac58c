import type { Seconds } from "./Seconds.js";
import type { State } from "./State.js";

/** The state of an arm at rest at q [nq] (rad), without objects or bodies. */
export function restingState(q: Float64Array, stamp: Seconds = 0): State {
  return { stamp, q, v: new Float64Array(q.length), objects: new Map(), bodies: [] };
}
