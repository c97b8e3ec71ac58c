import { PreparedShape } from "../core/PreparedShape.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Shape } from "../core/Shape.js";
import type { Guardrail } from "./Guardrail.js";

/** Solid space: no link may come nearer to any shape than `clearance`. margin = min distance − clearance, m. */
export class KeepOut implements Guardrail {
  readonly unit = "m";
  private readonly shapes: readonly PreparedShape[];

  /** @param watched capsule indices that can move relative to the shapes */
  constructor(
    readonly name: string,
    shapes: readonly Shape[],
    private readonly watched: Int32Array,
    private readonly clearance: number,
  ) {
    this.shapes = shapes.map((s) => new PreparedShape(s));
  }

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius } = r;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        for (const c of this.watched) {
          const i = (k * N + n) * nc + c;
          for (const shape of this.shapes) {
            const d = shape.distance(capsules, 6 * i, radius[i]);
            if (!(d >= worst)) worst = d;
          }
        }
      }
      out[k] = worst - this.clearance;
    }
  }
}
