import { z } from "zod";
import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import { wayLength } from "../../core/math/wayLength.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const schema = z.strictObject({});

/**
 * Length of the path, s: E = Σ_n ℓ(q_n, q_{n+1}), ℓ the least time in which the arm could move there, plus a share of
 * each joint's own time (`wayLength`).
 */
export class Travel implements CostTerm {
  readonly name = "travel";

  constructor(private readonly limits: JointLimits) {}

  evaluate({ N, nq, q }: Rollouts, out: Float64Array, K: number): void {
    const V = this.limits.velocity;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = k * N; n < k * N + N - 1; n++) sum += wayLength(q, n * nq, q, (n + 1) * nq, V, nq);
      out[k] = sum;
    }
  }
}

/** `travel: {}` */
export const travel: Plugin<z.output<typeof schema>, z.output<typeof schema>, CostTerm> = {
  schema,
  bind: (config) => config,
  create: (_, { limits }) => new Travel(limits),
};
