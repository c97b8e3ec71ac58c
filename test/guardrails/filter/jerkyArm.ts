import { jerky } from "../setups.js";

export const a = jerky("arm7"),
  n = a.nq,
  dt = 0.01,
  L = a.limits,
  J = L.jerk!;

export interface Here {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
}
