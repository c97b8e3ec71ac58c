import { z } from "zod";
import type { JointLimits } from "../core/JointLimits.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { CostTerm } from "./CostTerm.js";
import type { Plugin } from "./Plugin.js";

const schema = z.strictObject({});

/** How long the way is: E = Σ_n max_j |q_{n+1,j} − q_{n,j}|/V_j, the least time (s) in which the arm could go along the path. */
export class Travel implements CostTerm {
  readonly name = "travel";

  constructor(private readonly limits: JointLimits) {}

  evaluate({ N, nq, q }: Rollouts, out: Float64Array, K: number): void {
    const V = this.limits.velocity;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = k * N; n < k * N + N - 1; n++) {
        let longest = 0;
        for (let j = 0; j < nq; j++) longest = Math.max(longest, Math.abs(q[(n + 1) * nq + j] - q[n * nq + j]) / V[j]);
        sum += longest;
      }
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
