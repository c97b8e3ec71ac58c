import type { z } from "zod";
import { toolSchema } from "../../../config/index.js";
import { ToolDisplacement } from "../../../worldmodel/analytic/ToolDisplacement.js";
import type { LevelKind } from "../LevelKind.js";

/** Keys of a level of this kind, besides the common ones. */
export interface ToolKeys {
  readonly tool: z.output<typeof toolSchema>;
}

/** `model: tool_displacement` */
export const toolDisplacement: LevelKind<ToolKeys> = {
  describe: "displacement of the tool in dt along axes of the base frame",
  keys: { tool: toolSchema.prefault({}).describe("actions of tool_displacement") },
  predictor: ({ dt, knots, tool: { axes, step, box } }, { arm, sweep, latency }) =>
    new ToolDisplacement(arm, sweep, { axes, step, ...box, dt, substeps: knots, latency }),
};
