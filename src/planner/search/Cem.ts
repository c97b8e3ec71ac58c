import { ratio } from "../../config/index.js";
import { population } from "./population.js";
import { searchBranches, type Branch, type PopulationOptions } from "./searchBranches.js";
import type { Problem, Search, SearchKind, SearchOptions, Solution } from "./Search.js";

/** Options of the cross-entropy method. */
export interface CemOptions extends PopulationOptions {
  readonly elites: number; // fraction of the samples that the Gaussian is refitted to
}

/**
 * Cross-entropy method (Rubinstein 1999), with branches: μ, σ ← mean and standard deviation of the elites, the share of
 * lowest energy.
 */
export class Cem implements Search {
  constructor(private readonly options: CemOptions) {}

  minimise(problem: Problem, options: SearchOptions): Promise<Solution> {
    const { elites } = this.options;
    return searchBranches(problem, options, this.options, (branch, a, _energy, order, dim) => {
      refit(branch, a, order.subarray(0, Math.max(2, Math.round(elites * order.length))), dim);
    });
  }
}

/** `search: { method: cem, … }` */
export const cem: SearchKind<CemOptions> = {
  describe: "cross-entropy method: continues with the best sequences",
  keys: {
    ...population,
    elites: ratio(0.01, 0.5).default(0.1).describe("cem: share of the samples that it continues with"),
  },
  make: (options) => new Cem(options),
};

function refit(b: Branch, a: Float32Array, elite: Int32Array, dim: number): void {
  for (let d = 0; d < dim; d++) {
    let sum = 0;
    let square = 0;
    for (const s of elite) {
      const x = a[s * dim + d];
      sum += x;
      square += x * x;
    }
    const mean = sum / elite.length;
    b.mean[d] = mean;
    b.sigma[d] = Math.sqrt(Math.max(0, square / elite.length - mean * mean));
  }
}
