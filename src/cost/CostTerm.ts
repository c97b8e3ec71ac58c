import type { Rollouts } from "../core/Rollouts.js";

/**
 * A soft cost: lower is better. Takes the whole batch at once and fills its own `out` [K] for the first K rollouts,
 * unweighted and ≥ 0, so that energies by term are available.
 */
export interface CostTerm {
  readonly name: string;
  evaluate(r: Rollouts, out: Float64Array, K: number): void;
}
