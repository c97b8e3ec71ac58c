import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Shape } from "../../core/geometry/Shape.js";
import type { Guardrail } from "../Guardrail.js";
import { boundingShape, geometry, type Geometry } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";

/**
 * Solid space (boxes, half-spaces, capsules): no link may come nearer to any shape than `clearance`. margin = min
 * distance − clearance, m. Of a link's way between two knots only what goes toward the shape counts: as all of it lies
 * beyond a plane across the direction n of the least distance d,
 *
 *     distance ≥ d − max |n·Δp|/2 − thickness        (shapes are convex; where n is not known, ‖Δp‖ stands for |n·Δp|)
 *
 * A shape is skipped if its nearest point is farther from a capsule's middle than the capsule reaches, by more than the
 * least distance so far.
 */
export class KeepOut implements Guardrail {
  readonly unit = "m";
  readonly escapable = true;
  private readonly shapes: readonly PreparedShape[];
  private readonly free: Uint8Array; // [shapes, watched] 1: spared
  private readonly ball = new Float64Array(4); // scratch
  private readonly nearest = new Float64Array(4); // d, n

  /**
   * @param watched capsule indices that can move relative to the shapes
   * @param spared for each shape the capsules that may be near it; absent: none
   */
  constructor(
    readonly name: string,
    private readonly solids: readonly Shape[],
    private readonly watched: Int32Array,
    private readonly clearance: number,
    spared?: readonly (readonly number[])[],
  ) {
    this.shapes = solids.map((s) => new PreparedShape(s));
    this.free = Uint8Array.from(
      solids.flatMap((_, s) => Array.from(watched, (c) => (spared?.[s]?.includes(c) ? 1 : 0))),
    );
  }

  margin(r: Rollouts, out: Float64Array, K: number, enough = Infinity): void {
    const { N, nc, capsules: p, chord: c, radius, thickness } = r;
    const { watched, shapes, free, ball, nearest } = this;
    for (let k = 0; k < K; k++) {
      let worst = enough + this.clearance;
      for (let n = 0; n < N; n++) {
        for (let w = 0; w < watched.length; w++) {
          const i = (k * N + n) * nc + watched[w];
          const a = 6 * i;
          const x = 0.5 * (p[a + 3] - p[a]),
            y = 0.5 * (p[a + 4] - p[a + 1]),
            z = 0.5 * (p[a + 5] - p[a + 2]);
          const reach = Math.sqrt(x * x + y * y + z * z) + radius[i];
          ((ball[0] = p[a] + x), (ball[1] = p[a + 1] + y), (ball[2] = p[a + 2] + z));
          for (let s = 0; s < shapes.length; s++) {
            ball[3] = worst + reach;
            if (free[s * watched.length + w] === 1 || shapes[s].beyond(ball)) continue;
            shapes[s].measure(nearest, p, a);
            const nx = nearest[1],
              ny = nearest[2],
              nz = nearest[3];
            let size = radius[i];
            if (nx !== 0 || ny !== 0 || nz !== 0)
              size =
                thickness[i] +
                Math.max(
                  Math.abs(nx * c[a] + ny * c[a + 1] + nz * c[a + 2]),
                  Math.abs(nx * c[a + 3] + ny * c[a + 4] + nz * c[a + 5]),
                );
            worst = Math.min(worst, nearest[0] - size);
          }
        }
      }
      out[k] = worst - this.clearance;
    }
  }

  parts(): KeepOut[] {
    return this.solids.flatMap((shape, s) =>
      [...this.watched]
        .filter((_, w) => this.free[s * this.watched.length + w] === 0)
        .map((c) => new KeepOut(this.name, [shape], Int32Array.of(c), this.clearance)),
    );
  }
}

/** Space that no link may enter. */
export const keepOut: GuardrailKind<Geometry> = {
  schema: geometry,
  make: (shape, { watched, clearance }) => new KeepOut("keep_out", [boundingShape(shape)], watched, clearance),
};
