import { z } from "zod";
import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const schema = z.strictObject({});

/**
 * Squared acceleration relative to the limits: E = mean over knots n and joints j of ((v_{n+1,j} − v_{n,j})/(δ A_j))²,
 * δ = Δt/substeps. E = 1 means that all joints are always at their limit.
 */
export class Effort implements CostTerm {
  readonly name = "effort";

  constructor(private readonly limits: JointLimits) {}

  evaluate({ N, nq, v, dt, substeps }: Rollouts, out: Float64Array, K: number): void {
    const A = this.limits.acceleration;
    const delta = dt / substeps;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = k * N; n < k * N + N - 1; n++) {
        for (let j = 0; j < nq; j++) {
          const u = (v[(n + 1) * nq + j] - v[n * nq + j]) / (delta * A[j]);
          sum += u * u;
        }
      }
      out[k] = sum / ((N - 1) * nq);
    }
  }
}

/** `effort: {}` */
export const effort: Plugin<z.output<typeof schema>, z.output<typeof schema>, CostTerm> = {
  schema,
  bind: (config) => config,
  create: (_, { limits }) => new Effort(limits),
};
