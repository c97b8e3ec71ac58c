import { capsuleDistance } from "../core/capsuleDistance.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Guardrail } from "./Guardrail.js";

/** Links that may meet stay apart. margin = least distance over the pairs − clearance, m. */
export class SelfCollision implements Guardrail {
  readonly name = "self_collision";
  readonly unit = "m";

  /** @param pairs [2·P] capsule indices, two by two */
  constructor(
    private readonly pairs: Int32Array,
    private readonly clearance: number,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius } = r;
    const { pairs } = this;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * nc;
        for (let p = 0; p < pairs.length; p += 2) {
          const a = i + pairs[p];
          const b = i + pairs[p + 1];
          const d = capsuleDistance(capsules, 6 * a, radius[a], capsules, 6 * b, radius[b]);
          if (!(d >= worst)) worst = d;
        }
      }
      out[k] = worst - this.clearance;
    }
  }
}
