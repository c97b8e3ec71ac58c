import type { State } from "../core/State.js";

/** Predicted positions of objects at one instant: entry c of the i-th at positions[ip + 3·i + c], m, base frame. */
export interface PredictedObjects {
  readonly ids: readonly string[];
  readonly positions: Float64Array;
  ip: number;
}

/**
 * The arm at one instant of a predicted (or the real) path: a view of larger arrays, moved along by its owner, never
 * copied. `J` holds the tool's geometric Jacobian if derivatives are needed.
 */
export interface KnotView {
  q: Float64Array; // rad; joint j at q[iq + j]
  v: Float64Array; // rad/s; joint j at v[iq + j]
  iq: number;
  tool: Float64Array; // rows of the 3×4 tool pose in the base frame; entry (i, j) at tool[it + 4·i + j], m
  it: number;
  J: Float64Array; // [6,nq] rows: linear x y z (m/rad), angular x y z (rad/rad), base frame
  predicted?: PredictedObjects; // objects whose motion a model predicts; others stay where they are believed to be
  from: State; // beliefs about everything else: orientations of objects, what is held
}
