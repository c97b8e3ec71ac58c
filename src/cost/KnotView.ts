import type { State } from "../core/State.js";

/** Where objects are predicted at one instant: entry c of the i-th at positions[ip + 3·i + c], m, base frame. */
export interface PredictedObjects {
  readonly ids: readonly string[];
  readonly positions: Float64Array;
  ip: number;
}

/**
 * The arm at one instant of one imagined (or the real) path: a window into larger arrays, moved along by its owner,
 * never copied. `J` holds the tool's geometric Jacobian where derivatives are wanted.
 */
export interface KnotView {
  q: Float64Array; // rad; joint j at q[iq + j]
  v: Float64Array; // rad/s; joint j at v[iq + j]
  iq: number;
  tool: Float64Array; // rows of the 3×4 tool pose in the base frame; entry (i, j) at tool[it + 4·i + j], m
  it: number;
  J: Float64Array; // [6,nq] rows: linear x y z (m/rad), angular x y z (rad/rad), base frame
  predicted?: PredictedObjects; // objects whose motion a model predicts; any other is where it is believed to be
  from: State; // what is believed of everything else
}
