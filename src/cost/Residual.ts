import type { KnotView } from "./KnotView.js";

/**
 * What a goal or a cost wants to be zero at one instant: r(x) in units of its tolerance. The residual is split into
 * blocks; the goal holds iff the Euclidean norm of every block is ≤ 1. Norms and weights are added outside
 * (`ResidualCost`).
 */
export interface Residual {
  readonly name: string;
  readonly dim: number;
  readonly blocks: readonly number[]; // sizes, summing to dim
  /** Fills r [dim], and J = ∂r/∂q [dim,nq] where given. */
  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void;
}
