import type { Rollouts } from "../../core/Rollouts.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Guardrail } from "../Guardrail.js";
import type { z } from "zod";
import { boundSchemas } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { noWiderAngle } from "./noWiderAngle.js";
import { unitVector } from "./unitVector.js";

/**
 * The tool's z axis stays within `max` of a direction d (down by default), between knots too: margin = max − worst
 * angle − nε, rad, n the number of turning joints, each off by at most ε (`error`).
 *
 * With θ₀, θ₁ the angles at an interval's ends, P = Σ|v_j| and A = Σ|a_j| over turning joints, two bounds hold, and the
 * lesser counts:
 *  - the axis turns no faster than P, so θ(t) ≤ ½(θ₀ + θ₁ + PΔt);
 *  - ‖z̈‖ ≤ A + 3/2 P², so z(t) is within e = (A + 3/2 P²)Δt²/8 of the chord, whose directions stay in the cap about d
 *    if that is less than a half-sphere: θ(t) ≤ max(θ₀, θ₁) + asin e.
 */
export class ToolTilt implements Guardrail {
  readonly name = "tool_tilt";
  readonly unit = "rad";
  readonly escapable = true;

  /** @param turns [nq] 1 for joints that turn, 0 for those that slide */
  constructor(
    private readonly max: number,
    private readonly turns: Uint8Array,
    private readonly direction: Vec3 = [0, 0, -1],
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nq, tool } = r;
    const { turns } = this;
    const [x, y, z] = this.direction;
    const h = r.dt / r.substeps;
    const turn = turns.reduce((sum, t, j) => sum + t * r.error[j], 0);
    for (let k = 0; k < K; k++) {
      let worst = 0,
        last = 0;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * 12;
        const cosine = tool[i + 2] * x + tool[i + 6] * y + tool[i + 10] * z;
        const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        worst = Math.max(worst, angle);
        if (n > 0) {
          let P = 0,
            A = 0;
          for (let j = 0, b = (k * N + n) * nq, a = b - nq; j < nq; j++, a++, b++) {
            P += turns[j] * r.speed(a, b);
            A += turns[j] * r.acceleration(a, b);
          }
          const most = Math.max(last, angle);
          const turned = 0.5 * (last + angle + P * h);
          const stray =
            most < 0.5 * Math.PI ? most + Math.asin(Math.min(1, ((A + 1.5 * P * P) * h * h) / 8)) : Infinity;
          worst = Math.max(worst, Math.min(turned, stray));
        }
        last = angle;
      }
      out[k] = this.max - worst - turn;
    }
  }
}

/** How far the tool may lean. */
export const toolTilt: GuardrailKind<z.output<typeof boundSchemas.tool_tilt>> = {
  schema: boundSchemas.tool_tilt,
  own: (robot) => robot.guardrails.tool_tilt,
  tighten: ({ max }, declared) => noWiderAngle(max, declared.robot.guardrails.tool_tilt?.max, declared),
  make: ({ max, direction }, { arm }) =>
    new ToolTilt(
      max,
      Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 0 : 1)),
      unitVector(direction),
    ),
};
