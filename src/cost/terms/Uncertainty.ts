import { z } from "zod";
import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const schema = z.strictObject({});

/**
 * Uncertainty of the world model about a path: E = Δt Σ_{h=1..H} spread_h, the disagreement of its members, the mean
 * over draws. 0 without a learned model.
 */
export class Uncertainty implements CostTerm {
  readonly name = "uncertainty";

  evaluate({ spread, H, S, dt }: Rollouts, out: Float64Array, K: number): void {
    out.fill(0, 0, K);
    if (spread.length === 0) return;
    for (let k = 0, i = 0; k < K; k++) {
      for (let s = 0; s < S; s++, i += H + 1) for (let h = 1; h <= H; h++) out[k] += spread[i + h];
      out[k] *= dt / S;
    }
  }
}

/** `uncertainty: {}` */
export const uncertainty: Plugin<z.output<typeof schema>, z.output<typeof schema>, CostTerm> = {
  schema,
  bind: (config) => config,
  create: () => new Uncertainty(),
};
