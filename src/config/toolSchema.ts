import { z } from "zod";
import { length, vec3 } from "./quantity.js";

const point = vec3(length());

/** Actions that shift the tool: see `ToolDisplacement`. */
export const toolSchema = z.strictObject({
  axes: z
    .array(z.enum(["x", "y", "z"]))
    .min(1)
    .max(3)
    .refine((axes) => new Set(axes).size === axes.length, "each axis at most once")
    .default(["x", "y", "z"])
    .describe("axes of the base frame along which it moves"),
  step: length({ above: 0, max: 1 }).default(0.06).describe("largest motion in one dt, along each axis"),
  box: z
    .strictObject({
      low: point.describe("corner with the smallest x, y, z"),
      high: point.describe("corner with the largest x, y, z"),
    })
    .refine(({ low, high }) => low.every((x, i) => x <= high[i]), "low at most high along each axis")
    .optional()
    .describe("box in which the tool may be"),
});
