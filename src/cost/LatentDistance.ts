import type { Rollouts } from "../core/Rollouts.js";
import type { CostTerm } from "./CostTerm.js";

export interface LatentDistanceOptions {
  readonly running: number; // weight of the path, 1/s
  readonly terminal: number; // weight of the last state
}

/**
 * How far a foreseen latent z is from that of a goal image z*, in units of its spread σ over the data, root mean square over the D numbers:
 *
 *     e(z) = √(1/D Σ_d ((z_d − z*_d)/σ_d)²),   E = running · Δt · Σ_{h=1..H} e(z_h) + terminal · e(z_H),   the mean over the draws of what is left to chance
 */
export class LatentDistance implements CostTerm {
  readonly name = "latent";

  constructor(
    private readonly goal: Float32Array, // [dim]
    private readonly std: readonly number[], // [dim]
    private readonly o: LatentDistanceOptions,
  ) {}

  evaluate({ z, H, S, dim, dt }: Rollouts, out: Float64Array, K: number): void {
    const { goal, std } = this;
    const { running, terminal } = this.o;
    for (let k = 0; k < K; k++) {
      let energy = 0;
      for (let s = 0; s < S; s++) {
        let e = 0;
        for (let h = 1, i = ((k * S + s) * (H + 1) + 1) * dim; h <= H; h++) {
          let square = 0;
          for (let d = 0; d < dim; d++, i++) square += ((z[i] - goal[d]) / std[d]) ** 2;
          e = Math.sqrt(square / dim);
          energy += running * dt * e;
        }
        energy += terminal * e;
      }
      out[k] = energy / S;
    }
  }
}
