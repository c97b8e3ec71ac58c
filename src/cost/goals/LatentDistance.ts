import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";

export interface LatentDistanceOptions {
  readonly running: number; // weight of the path, 1/s
  readonly terminal: number; // weight of the last state
}

/**
 * Distance of a predicted latent z from that of a goal image z*, in a linear metric M [E,D]:
 *
 *     e(z) = ‖M (z − z*)‖,   E = running · Δt · Σ_{h=1..H} e(z_h) + terminal · e(z_H),   the mean over the
 *     random draws
 *
 * `bySpread` uses units of each latent's spread. A model that has learned the number of steps between two states has
 * its own metric.
 */
export class LatentDistance implements CostTerm {
  private readonly first: Int32Array; // [E+1] where each row's numbers begin
  private readonly column: Int32Array; // of the numbers of M that are not 0
  private readonly weight: Float64Array;

  /** @param metric M, row by row */
  constructor(
    private readonly goal: Float32Array, // [D]
    metric: readonly (readonly number[])[],
    private readonly o: LatentDistanceOptions,
    readonly name = "latent",
  ) {
    const kept = metric.map((row) => row.flatMap((w, d) => (w === 0 ? [] : [[w, d]])));
    this.first = Int32Array.from([
      0,
      ...kept.map(
        (
          (sum) => (row) =>
            (sum += row.length)
        )(0),
      ),
    ]);
    this.weight = Float64Array.from(kept.flat(), ([w]) => w);
    this.column = Int32Array.from(kept.flat(), ([, d]) => d);
  }

  /** Root mean square over the latents, each in units of its spread: M = diag(1 / σ_d √D). */
  static bySpread(std: readonly number[]): number[][] {
    return std.map((s, d) => std.map((_, c) => (c === d ? 1 / (s * Math.sqrt(std.length)) : 0)));
  }

  evaluate({ z, H, S, dim, dt }: Rollouts, out: Float64Array, K: number): void {
    const { running, terminal } = this.o;
    for (let k = 0; k < K; k++) {
      let energy = 0;
      for (let s = 0; s < S; s++) {
        let e = 0;
        for (let h = 1, i = ((k * S + s) * (H + 1) + 1) * dim; h <= H; h++, i += dim) {
          e = this.distance(z, i);
          energy += running * dt * e;
        }
        energy += terminal * e;
      }
      out[k] = energy / S;
    }
  }

  private distance(z: Float32Array, i: number): number {
    const { first, column, weight, goal } = this;
    let square = 0;
    for (let row = 0; row + 1 < first.length; row++) {
      let sum = 0;
      for (let n = first[row]; n < first[row + 1]; n++) sum += weight[n] * (z[i + column[n]] - goal[column[n]]);
      square += sum * sum;
    }
    return Math.sqrt(square);
  }
}
