import type { Rollouts } from "../core/Rollouts.js";
import type { Vec3 } from "../core/Shape.js";
import type { Guardrail } from "./Guardrail.js";

/** Every watched link stays inside an axis-aligned box of the base frame. margin = least distance to a wall from within, m. */
export class Workspace implements Guardrail {
  readonly name = "workspace";
  readonly unit = "m";

  constructor(
    private readonly low: Vec3,
    private readonly high: Vec3,
    private readonly watched: Int32Array,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius } = r;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        for (const c of this.watched) {
          const i = (k * N + n) * nc + c;
          for (let e = 0; e < 6; e++) {
            const x = capsules[6 * i + e];
            const d = Math.min(x - this.low[e % 3], this.high[e % 3] - x) - radius[i];
            if (!(d >= worst)) worst = d;
          }
        }
      }
      out[k] = worst;
    }
  }
}
