import type { State } from "../core/State.js";

/** The state of an arm at rest, without people or objects. @param q [nq] rad (m of a sliding joint) */
export const restingAt = (q: ArrayLike<number>): State => ({
  stamp: 0,
  q: Float64Array.from(q),
  v: new Float64Array(q.length),
  objects: new Map(),
  bodies: [],
});
