import { ratio } from "../../config/index.js";
import { population } from "./population.js";
import { searchBranches, type Branch, type PopulationOptions } from "./searchBranches.js";
import type { Problem, Search, SearchKind, SearchOptions, Solution } from "./Search.js";

/** Options of path integral control. */
export interface MppiOptions extends PopulationOptions {
  readonly temperature: number; // λ in units of the batch's energy spread (median − minimum)
}

/**
 * Model predictive path integral control (Williams et al. 2017): μ ← Σ_k w_k a_k, w_k ∝ exp(−(E_k − E_min)/λ), with λ
 * scaled to each batch so that one temperature serves every task. σ shrinks to the weighted spread (Bhardwaj et al.
 * 2021, STORM).
 */
export class Mppi implements Search {
  constructor(private readonly options: MppiOptions) {}

  minimise(problem: Problem, options: SearchOptions): Promise<Solution> {
    const { temperature } = this.options;
    return searchBranches(problem, options, this.options, (branch, a, energy, order, dim) =>
      refit(branch, a, energy, order, dim, temperature),
    );
  }
}

/** `search: { method: mppi, … }` */
export const mppi: SearchKind<MppiOptions> = {
  describe: "path integral: continues with all sequences, weighted by their energy",
  keys: {
    ...population,
    temperature: ratio(1e-6, 1e6)
      .default(0.1)
      .describe("mppi: temperature, relative to the spread of the batch's energies"),
  },
  make: (options) => new Mppi(options),
};

function refit(
  b: Branch,
  a: Float32Array,
  energy: Float64Array,
  order: Int32Array,
  dim: number,
  temperature: number,
): void {
  const least = energy[order[0]];
  const spread = Math.max(energy[order[order.length >> 1]] - least, 1e-12);
  b.mean.fill(0);
  b.sigma.fill(0);
  let total = 0;
  for (const s of order) {
    const weight = Math.exp(-(energy[s] - least) / (temperature * spread));
    if (!(weight > 1e-6)) break;
    total += weight;
    for (let d = 0, i = s * dim; d < dim; d++, i++) {
      b.mean[d] += weight * a[i];
      b.sigma[d] += weight * a[i] * a[i];
    }
  }
  for (let d = 0; d < dim; d++) {
    b.mean[d] /= total;
    b.sigma[d] = Math.sqrt(Math.max(0, b.sigma[d] / total - b.mean[d] * b.mean[d]));
  }
}
