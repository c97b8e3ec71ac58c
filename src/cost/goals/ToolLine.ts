import { z } from "zod";
import { length, ratio, vec3 } from "../../config/index.js";
import type { KnotView } from "../KnotView.js";
import type { Plugin } from "../Plugin.js";
import type { Residual } from "../Residual.js";

const schema = z.strictObject({
  through: vec3(length()).describe("a point of the line, in the arm's base frame"),
  along: vec3(ratio())
    .refine((d) => Math.hypot(...d) > 1e-6, "a direction that is not zero")
    .default([0, 0, 1])
    .describe("direction of the line, either way"),
  tolerance: length({ above: 0 }).default(0.005).describe("tolerance across the line"),
});

/** A straight line for the tool: a point (m), a direction, and how far the tool may be from it (m). */
export type ToolLineConfig = z.output<typeof schema>;

/**
 * The tool on a straight line, anywhere along it. With p the tool's position, p₀ a point of the line, d its unit
 * direction and ε the tolerance: r = (1 − d dᵀ)(p − p₀)/ε [3], ∂r/∂q = (1 − d dᵀ) J_lin/ε. One block. As a cost it
 * keeps the way to a grasp, and back from it, straight.
 */
export class ToolLine implements Residual {
  readonly name = "tool_line";
  readonly dim = 3;
  readonly blocks = [3];
  private readonly across: Float64Array; // [9] rows of (1 − d dᵀ)/ε

  constructor(private readonly spec: ToolLineConfig) {
    const n = Math.hypot(...spec.along);
    const d = spec.along.map((x) => x / n);
    this.across = Float64Array.from({ length: 9 }, (_, i) => {
      const [row, column] = [Math.floor(i / 3), i % 3];
      return (Number(row === column) - d[row] * d[column]) / spec.tolerance;
    });
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { across: A } = this;
    const [px, py, pz] = this.spec.through;
    const dx = x.tool[x.it + 3] - px,
      dy = x.tool[x.it + 7] - py,
      dz = x.tool[x.it + 11] - pz;
    for (let i = 0; i < 3; i++) r[i] = A[3 * i] * dx + A[3 * i + 1] * dy + A[3 * i + 2] * dz;
    if (!J) return;
    const nq = x.J.length / 6;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < nq; j++)
        J[i * nq + j] = A[3 * i] * x.J[j] + A[3 * i + 1] * x.J[nq + j] + A[3 * i + 2] * x.J[2 * nq + j];
  }
}

/** `tool_line: { through: [0.5 m, 0.1 m, 0 m], along: [0, 0, 1], tolerance: 5 mm }` */
export const toolLine: Plugin<ToolLineConfig, ToolLineConfig, Residual> = {
  schema,
  bind: (config) => config,
  create: (spec) => new ToolLine(spec),
};
