import { PreparedShape } from "../core/PreparedShape.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Shape } from "../core/Shape.js";
import type { Guardrail } from "./Guardrail.js";

/**
 * Solid space (boxes, half-spaces, capsules): no link may come nearer to any shape than `clearance`. margin = min distance − clearance, m.
 * A shape whose nearest point is farther from a capsule's middle than the capsule reaches, by more than the least distance so far, is passed over.
 */
export class KeepOut implements Guardrail {
  readonly unit = "m";
  readonly escapable = true;
  private readonly shapes: readonly PreparedShape[];
  private readonly ball = new Float64Array(4); // scratch
  private readonly distance = new Float64Array(1);

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
    const { N, nc, capsules: p, radius } = r;
    const { watched, shapes, ball, distance } = this;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        for (let w = 0; w < watched.length; w++) {
          const i = (k * N + n) * nc + watched[w];
          const a = 6 * i;
          const x = 0.5 * (p[a + 3] - p[a]), y = 0.5 * (p[a + 4] - p[a + 1]), z = 0.5 * (p[a + 5] - p[a + 2]);
          const reach = Math.sqrt(x * x + y * y + z * z) + radius[i];
          ball[0] = p[a] + x, ball[1] = p[a + 1] + y, ball[2] = p[a + 2] + z;
          for (let s = 0; s < shapes.length; s++) {
            ball[3] = worst + reach;
            if (shapes[s].beyond(ball)) continue;
            shapes[s].measure(distance, p, a);
            worst = Math.min(worst, distance[0] - radius[i]);
          }
        }
      }
      out[k] = worst - this.clearance;
    }
  }
}
