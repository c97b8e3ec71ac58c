import { z } from "zod";
import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const schema = z.strictObject({});

/**
 * Change of acceleration: E = mean over inner knots n and joints j of ((v_{n+1} − 2v_n + v_{n−1})_j/(2δ A_j))², the
 * squared change of acceleration, δ = Δt/substeps. 1 means a swing between both limits at every knot; 0 a constant
 * acceleration. Paths of one interval have none.
 */
export class Smoothness implements CostTerm {
  readonly name = "smoothness";

  constructor(private readonly limits: JointLimits) {}

  evaluate({ N, nq, v, dt, substeps }: Rollouts, out: Float64Array, K: number): void {
    const A = this.limits.acceleration;
    const delta = dt / substeps;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = k * N + 1; n < k * N + N - 1; n++) {
        for (let j = 0; j < nq; j++) {
          const i = n * nq + j;
          const u = (v[i + nq] - 2 * v[i] + v[i - nq]) / (2 * delta * A[j]);
          sum += u * u;
        }
      }
      out[k] = N > 2 ? sum / ((N - 2) * nq) : 0;
    }
  }
}

/** `smoothness: {}` */
export const smoothness: Plugin<z.output<typeof schema>, z.output<typeof schema>, CostTerm> = {
  schema,
  bind: (config) => config,
  create: (_, { limits }) => new Smoothness(limits),
};
