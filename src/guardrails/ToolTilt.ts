import type { Rollouts } from "../core/Rollouts.js";
import type { Guardrail } from "./Guardrail.js";
import type { Vec3 } from "../core/Shape.js";

/** The tool's z axis stays within `max` of a direction (down by default). margin = max − worst angle, rad, checked at the knots. */
export class ToolTilt implements Guardrail {
  readonly name = "tool_tilt";
  readonly unit = "rad";
  readonly escapable = true;

  constructor(
    private readonly max: number,
    private readonly direction: Vec3 = [0, 0, -1],
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, tool } = r;
    const [x, y, z] = this.direction;
    for (let k = 0; k < K; k++) {
      let least = 1;
      for (let n = 0, i = k * N * 12; n < N; n++, i += 12) {
        const cosine = tool[i + 2] * x + tool[i + 6] * y + tool[i + 10] * z;
        if (!(cosine >= least)) least = cosine;
      }
      out[k] = this.max - Math.acos(Math.max(-1, Math.min(1, least)));
    }
  }
}
