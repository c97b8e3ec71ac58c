import type { KnotView } from "./KnotView.js";

/**
 * The deviation from a goal or a cost at one instant: r(x) in units of its tolerance. The residual is split into
 * blocks; the goal holds iff the Euclidean norm of every block is ≤ 1. `ResidualCost` adds norms and weights.
 */
export interface Residual {
  readonly name: string;
  readonly dim: number;
  readonly blocks: readonly number[]; // sizes, summing to dim
  /** Fills r [dim], and J = ∂r/∂q [dim,nq] where given. */
  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void;
}
