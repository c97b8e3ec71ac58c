import { z } from "zod";
import { length } from "../../config/index.js";
import { closestApproach } from "../../core/math/closestApproach.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const schema = z.strictObject({
  top: length({ min: 0, max: 1 })
    .default(0.045)
    .describe("height above an object's centre below which the tool touches it; the fingers reach a centimetre lower"),
  side: length({ min: 0, max: 1 })
    .default(0.02)
    .describe("the highest that it can be beside an object: a tool above that and near its axis is over it"),
  keep: length({ above: 0, max: 1 })
    .default(0.062)
    .describe("from an object's axis: a tool that comes down nearer meets its rim"),
  inside: length({ above: 0, max: 1 })
    .default(0.04)
    .describe("from its axis: nearer than this a tool that is low is within the object"),
});

export type ObjectOverlapConfig = z.output<typeof schema>;

const ENOUGH = 0.2; // the least that a forbidden descent costs

/**
 * Penalises overlap of tool and object. For the tool's step x → x⁺ and an object predicted at p, then p⁺, with heights
 * z:
 *
 *     z⁺ ≥ p_z + top            0                                             it stays above, or moves there
 *     else, z ≥ p_z + side      ENOUGH + 1 − m/keep  where m < keep           it comes down or drags over the top, m
 *     the least distance of x → x⁺ and p in the plane
 *     else                      max(0, 1 − ‖x⁺ − p⁺‖_xy / inside)             it is beside: a push, the object goes
 *                               before it
 *
 * summed over steps and objects, the mean over draws. A path that comes down on an object presses on it until the
 * tracking error is a fault.
 */
export class ObjectOverlap implements CostTerm {
  readonly name = "overlap";

  constructor(private readonly o: ObjectOverlapConfig) {}

  evaluate({ H, N, S, substeps, no, objects: p, tool }: Rollouts, out: Float64Array, K: number): void {
    const { top, side, keep, inside } = this.o;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let s = 0; s < S; s++)
        for (let h = 0; h < H; h++) {
          const t = 12 * (k * N + h * substeps),
            u = t + 12 * substeps;
          const dx = tool[u + 3] - tool[t + 3],
            dy = tool[u + 7] - tool[t + 7];
          for (let i = 0, a = 3 * ((k * S + s) * (H + 1) + h) * no, b = a + 3 * no; i < no; i++, a += 3, b += 3) {
            if (tool[u + 11] >= p[b + 2] + top) continue; // written so that NaN costs
            if (tool[t + 11] >= p[a + 2] + side) {
              const m = closestApproach(tool[t + 3] - p[a], tool[t + 7] - p[a + 1], dx, dy);
              if (!(m >= keep)) sum += ENOUGH + 1 - m / keep;
            } else sum += Math.max(0, 1 - Math.hypot(tool[u + 3] - p[b], tool[u + 7] - p[b + 1]) / inside);
          }
        }
      out[k] = sum / S;
    }
  }
}

/** `overlap: {}` */
export const overlap: Plugin<ObjectOverlapConfig, ObjectOverlapConfig, CostTerm> = {
  schema,
  bind: (config) => config,
  create: (spec) => new ObjectOverlap(spec),
};
