import type { State } from "../State.js";

/** Where the joints truly are, [nq] rad: as commanded and as far from there as measured. */
export const measuredJoints = ({ q, deviation }: State): Float64Array =>
  deviation === undefined ? q : q.map((x, j) => x + deviation[j]);
