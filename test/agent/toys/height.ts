import { z } from "zod";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { CostTerm, Plugin } from "../../../src/cost/index.js";

const schema = z.strictObject({});

/** A cost from outside: how high the tool is, m, the mean over the path. */
export const height: Plugin<z.output<typeof schema>, z.output<typeof schema>, CostTerm> = {
  schema,
  bind: (config) => config,
  create: () => ({
    name: "height",
    evaluate({ N, tool }: Rollouts, out: Float64Array, K: number): void {
      out.fill(0, 0, K);
      for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) out[k] += tool[12 * (k * N + n) + 11] / N;
    },
  }),
};
