import { z } from "zod";
import { ratio } from "../../config/index.js";

const count = (min: number, max: number): z.ZodType<number> => z.int().min(min).max(max);

/** Options that the sampling searches share in an agent file: see `PopulationOptions`. */
export const population = {
  samples: count(4, 4096).default(128).describe("action sequences per iteration, all branches together"),
  iterations: count(0, 100).default(4).describe("maximum number of iterations, once an admissible sequence is known"),
  branches: count(1, 16).default(1).describe("alternatives pursued side by side (left, right …)"),
  noise: ratio(0.001, 2).default(0.3).describe("initial standard deviation of the normalised action"),
  min_noise: ratio(0, 1).default(0.01).describe("smallest standard deviation"),
  smoothing: ratio(0, 0.99).default(0.6).describe("correlation of the noise from one action to the next"),
  bridge: z.boolean().default(false).describe("use noise that keeps the end of the path in place"),
  tolerance: ratio(0, 1).default(0.02).describe("relative gain below which an iteration counts as none"),
  patience: count(1, 100).default(1).describe("iterations without such a gain before the search stops"),
};
