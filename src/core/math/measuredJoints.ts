import type { State } from "../State.js";

/** The true joint positions, [nq] rad: the commanded ones plus the measured deviation. */
export const measuredJoints = ({ q, deviation }: State): Float64Array =>
  deviation === undefined ? q : q.map((x, j) => x + deviation[j]);
