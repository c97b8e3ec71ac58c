import { z } from "zod";
import { toolSchema } from "./toolSchema.js";
import { loadConfig } from "./loadConfig.js";
import { parseConfig } from "./parseConfig.js";
import { angle, duration, length, mass, ratio, speed, vec3 } from "./quantity.js";
import type { YamlDocument } from "./YamlDocument.js";

const point = vec3(length());
const box = z
  .strictObject({ low: point, high: point })
  .refine(({ low, high }) => low.every((x, i) => x <= high[i]), "low at most high along each axis");
const range = z
  .strictObject({ low: ratio(0.01, 100), high: ratio(0.01, 100) })
  .refine(({ low, high }) => low <= high, "low at most high");

/** How an explorer spends its time; see `collect/PushExplorer`. */
const explorer = z.strictObject({
  push: ratio(0, 1).default(0.75), // weights of the kinds of episodes: pushing objects,
  low: ratio(0, 1).default(0.12), // moving just above the ground,
  free: ratio(0, 1).default(0.13), // moving through the whole box
  // share of the episodes that move from posture to posture in joint space instead; see `collect/PostureExplorer`
  posture: ratio(0, 1).default(0),
  // share of the rest that picks, carries, places and drops; see `collect/PickExplorer`
  pick: ratio(0, 1).default(0),
  memory: ratio(0, 0.99).default(0.6), // ρ of the noise from one action to the next
  // its standard deviation, of the normalised action, drawn for each episode
  noise: z.strictObject({ low: ratio(0, 2), high: ratio(0, 2) }).default({ low: 0.05, high: 0.35 }),
  distance: z
    .strictObject({ low: length({ above: 0 }), high: length({ above: 0 }) })
    .default({ low: 0.03, high: 0.15 }), // of one push
  tool_radius: length({ above: 0, max: 0.2 }).default(0.02), // of the pushing part, seen from above
});

/** Random outcomes: see `sim/Slips`. */
const slip = z.strictObject({
  chance: ratio(0, 1), // that an object which moves in the middle of a model step slips
  speed: speed({ above: 0, max: 5 }), // that it then gains, to one side or the other of its direction of motion
});

/** Domain randomisation: half widths of uniform draws, one for each episode; 0 keeps the value. */
const random = z.strictObject({
  camera: z
    .strictObject({ position: length({ min: 0, max: 1 }).default(0), angle: angle({ min: 0, max: 1 }).default(0) })
    .prefault({}), // along and about each axis, so that it still sees every object at the start
  light: ratio(0, 1).default(0), // of its direction and of each colour's strength, relative
  colours: ratio(0, 1).default(0), // of every object's colour, each channel
  mass: range.default({ low: 1, high: 1 }), // factors, of each object
  friction: range.default({ low: 1, high: 1 }),
  // share of the episodes with a moving texture in place of the floor around the table
  backdrop: ratio(0, 1).default(0),
  load: z
    .strictObject({ low: mass({ min: 0, max: 100 }), high: mass({ min: 0, max: 100 }) })
    .refine(({ low, high }) => low <= high, "low at most high")
    .optional(), // instead of the scene's own, which the servo does not compensate
  slip: slip.optional(), // drawn in each step, not for each episode
});

/** How data are collected. Numbers and choices only. */
export const collectSchema = z.strictObject({
  name: z.string().min(1).max(80),
  scene: z.string().min(1),
  agent: z.string().min(1).default("default"), // whose guardrails and reflex
  camera: z.string().min(1).default("camera"), // of the scene
  depth: z.boolean().default(false), // recorded too, for a depth read-out
  steps: z.int().min(1).max(10000).default(20), // model steps an episode
  dt: duration({ above: 0, max: 10 }).default(0.4), // of a model step
  knots: z.int().min(1).max(32).default(2), // kinematic knots a step
  tool: toolSchema.extend({ box }), // what an action means
  // where they lie at the start, and their least distance
  objects: z.strictObject({ low: point, high: point, gap: length({ min: 0 }).default(0.005) }),
  explorer: explorer.prefault({}),
  random: random.prefault({}),
});

export type CollectConfig = z.output<typeof collectSchema>;
export type ExplorerConfig = CollectConfig["explorer"];
export type SlipConfig = NonNullable<CollectConfig["random"]["slip"]>;

/** @throws ConfigError */
export const loadCollectConfig = (nameOrPath: string): CollectConfig => parseCollect(loadConfig("collect", nameOrPath));

/** From a document already read. @throws ConfigError */
export function parseCollect(document: YamlDocument): CollectConfig {
  const config = parseConfig(collectSchema, document);
  const { push, low, free } = config.explorer;
  if (!(push + low + free > 0))
    throw document.error(["explorer"], "got 0 for the weights push, low and free, want one above 0");
  return config;
}
