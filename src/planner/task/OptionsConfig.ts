import { z } from "zod";
import { duration, ratio } from "../../config/index.js";

/** Keys of a level of the kind `options` in an agent file, besides its name. */
export const optionsKeys = {
  deadline: duration({ above: 0, max: 60 }).default(1).describe("time limit of one plan"),
  grasps: z.int().min(1).max(200).default(32).describe("ways to grasp one thing that are tried at most"),
  places: z.int().min(1).max(400).default(48).describe("places for one thing that are tried at most"),
  expansions: z
    .int()
    .min(0)
    .max(100000)
    .default(15)
    .describe("worlds looked at after the first plan, for a shorter one; fewer if the deadline comes"),
  weights: z
    .strictObject({
      tilt: ratio(0, 1e3).default(1).describe("of a grasp whose hand does not point down, s/rad"),
      offset: ratio(0, 1e3).default(20).describe("of a grasp beside the middle of the thing, s/m"),
    })
    .prefault({})
    .describe("what a grasp or a place costs beside its time"),
};

/** Keys of a level of the kind `options`. */
export type OptionsConfig = z.output<z.ZodObject<typeof optionsKeys>>;
