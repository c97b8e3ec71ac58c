import type { Rng } from "../core/math/Rng.js";

/**
 * Correlated noise, n⁺ = ρ n + √(1−ρ²) σ ε with ε ~ N(0, 1) and n = 0 at first: in the long run N(0, σ²), but each
 * value is near the last.
 */
export class ActionNoise {
  private readonly n: Float64Array;

  constructor(
    dim: number,
    private readonly memory: number, // ρ
    private readonly sigma: number,
    private readonly rng: Rng,
  ) {
    this.n = new Float64Array(dim);
  }

  /** The next [dim], in the noise's own array. */
  next(): Float64Array {
    const { n, memory, sigma, rng } = this;
    for (let c = 0; c < n.length; c++) n[c] = memory * n[c] + Math.sqrt(1 - memory * memory) * sigma * rng.normal();
    return n;
  }
}
