import { dirname, resolve } from "node:path";
import { z } from "zod";
import { bodyRegions } from "./bodyRegions.js";
import { loadConfig } from "./loadConfig.js";
import { orientation } from "./orientation.js";
import { parseConfig } from "./parseConfig.js";
import { duration, length, ratio, speed, vec3 } from "./quantity.js";
import type { YamlDocument } from "./YamlDocument.js";

const count = (min: number, max: number): z.ZodType<number> => z.int().min(min).max(max);

/** What the sampling searches share; see `planner/searchBranches`. */
const population = {
  samples: count(4, 4096).default(128).describe("sequences an iteration, all branches together"),
  iterations: count(0, 100).default(4).describe("most, once a sequence that keeps the guardrails is known"),
  branches: count(1, 16).default(1).describe("alternatives pursued side by side (left, right …)"),
  noise: ratio(0.001, 2).default(0.3).describe("first standard deviation, of the normalised action"),
  min_noise: ratio(0, 1).default(0.01).describe("least standard deviation"),
  smoothing: ratio(0, 0.99).default(0.6).describe("correlation of the noise from one action to the next"),
  bridge: z.boolean().default(false).describe("noise that leaves the end of the path where it is"),
  tolerance: ratio(0, 1).default(0.02).describe("relative gain for which another iteration is worth its time"),
  patience: count(1, 100).default(1).describe("iterations without such a gain before the search stops"),
};
const search = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("cem").describe("cross-entropy, or path integral"),
    ...population,
    elites: ratio(0.01, 0.5).default(0.1).describe("of cem: fraction of the samples that it goes on with"),
  }),
  z.strictObject({
    method: z.literal("mppi"),
    ...population,
    temperature: ratio(1e-6, 1e6).default(0.1).describe("of mppi: relative to the spread of the batch's energies"),
  }),
]);

const point = vec3(length());

/** Actions that shift the tool: see `worldmodel/ToolDisplacement`. */
export const toolSchema = z.strictObject({
  axes: z
    .array(z.enum(["x", "y", "z"]))
    .min(1)
    .max(3)
    .refine((axes) => new Set(axes).size === axes.length, "axes that are named once each")
    .default(["x", "y", "z"])
    .describe("of the base frame"),
  step: length({ above: 0, max: 1 }).default(0.06).describe("in dt, along each"),
  box: z
    .strictObject({
      low: point.describe("its corner of least x, y, z"),
      high: point.describe("its corner of greatest x, y, z"),
    })
    .refine(({ low, high }) => low.every((x, i) => x <= high[i]), "low at most high along each axis")
    .optional()
    .describe("where the tool may be"),
});

/** Intrinsic terms and their weights; the terms' own options live with the terms, in src/cost. */
const costWeights = z.record(z.string(), ratio(0, 1e6));

/** What the rest of the world does, as a learned model has it: see `worldmodel/Learned` and `agent/goalTerms`. */
const learned = z.strictObject({
  model: z.string().min(1).describe("a name in models/, or the path of a model's folder"),
  samples: count(1, 16)
    .default(1)
    .describe("futures drawn for each action sequence, where the model leaves something to chance"),
  reach: length({ above: 0, max: 10 })
    .optional()
    .describe(
      "farther than this from the tool, and from objects that it moved, an object stays where it is; default: " +
        "whatever the model says",
    ),
  energy: z
    .strictObject({
      objects: ratio(0, 1e6).default(1).describe("weight of the objects' distance from their places"),
      latent: ratio(0, 1e6).default(0).describe("of the distance from a goal image's latent"),
      steps: ratio(0, 1e6).default(0).describe("of the steps that the model has learned to lie between two latents"),
      tool: ratio(0, 1e6).default(0.2).describe("of the tool's distance from where a goal image shows it"),
      running: ratio(0, 1e6).default(1).describe("of the path, 1/s"),
      terminal: ratio(0, 1e6).default(1).describe("of its end"),
      scale: length({ above: 0, max: 10 }).default(0.05).describe("that distances are counted in"),
      nearness: ratio(0, 1e6)
        .default(0.5)
        .describe("of the tool's distance from where a push of an object would begin"),
      standoff: length({ min: 0, max: 1 }).default(0.06).describe("of that place from the object's centre"),
      done: length({ above: 0, max: 1 })
        .default(0.02)
        .describe("nearer than this to its place, or than half a tighter goal's tolerance, an object asks for nothing"),
      height: length({ min: -1, max: 2 })
        .optional()
        .describe("where the tool pushes; default: at the objects' centres"),
    })
    .prefault({})
    .describe("what it minimises"),
});

const planning = z.strictObject({
  name: z.string().min(1).max(40).describe("what the level is called in messages"),
  model: z
    .enum(["joint_displacement", "joint_velocity", "tool_displacement"])
    .describe("what an action of this level means"),
  tool: toolSchema.prefault({}).describe("of tool_displacement"),
  learned: learned.optional().describe("of the top level alone"),
  tracking: z
    .string()
    .min(1)
    .optional()
    .describe(
      "of the lowest level alone: how the arm follows what is commanded, as learned; a name in models/, or the path " +
        "of a model's folder",
    ),
  dt: duration({ above: 0, max: 10 }).describe("between actions"),
  horizon: count(1, 100).describe("actions"),
  knots: count(1, 32).default(2).describe("kinematic knots per action"),
  period: duration({ above: 0, max: 60 }).describe("between replans"),
  deadline: duration({ above: 0, max: 60 }).optional().describe("of one search; default: 0.8 of the period"),
  search: search.describe("how it searches"),
  clearance: z
    .strictObject({
      distance: length({ above: 0, max: 0.5 }).describe("nearer than this to a guardrail costs"),
      weight: ratio(0, 1e6).describe("how much"),
    })
    .default({ distance: 0.03, weight: 1 })
    .describe("room kept to the guardrails, softly"),
  costs: costWeights.default({}).describe("terms of its own, by name, and their weights"),
});

/** The level without search: it follows the plan above it and keeps the safety filter. */
const reflex = z.strictObject({
  period: duration({ above: 0, max: 0.1 }).default(0.01).describe("of its ticks"),
  lead: duration({ min: 0, max: 0.2 }).default(0.01).describe("how far ahead of now a command begins"),
});

/** An agent: its levels from top to bottom, and the rooms' numbers. */
export const agentSchema = z.strictObject({
  name: z.string().min(1).max(80).describe("what it is called in messages"),
  levels: z.array(planning).min(1).max(4).describe("that plan, top to bottom; each hands its plan to the next"),
  reflex: reflex.prefault({}).describe("the level without search, which commands"),
  perception: z
    .strictObject({
      stale_after: duration({ above: 0, max: 2 }).default(0.1).describe("of joint states"),
      frames: z
        .record(
          z.string().min(1).max(200),
          z.strictObject({
            position: point.default([0, 0, 0]).describe("of its origin, in the arm's base"),
            orientation: orientation.default([0, 0, 0, 1]).describe("of its axes"),
          }),
        )
        .default({})
        .describe("that bodies and objects may be told in, by frame_id: where they stand in the arm's base"),
    })
    .prefault({})
    .describe("what is taken in"),
  memory: z
    .strictObject({
      buffer: duration({ above: 0, max: 60 }).default(2).describe("of observations at hand"),
      log: z.string().default("runs").describe('folder of the episode logs, from the working directory; "" for none'),
      keep: count(1, 10000).default(20).describe("runs"),
      megabytes: count(1, 1e6).default(1000).describe("all kept runs together, and the most of one"),
      unlogged: z
        .enum(["go_on", "stop"])
        .default("go_on")
        .describe(
          "what becomes of tasks while the log cannot be written (a full disk, a slow one): they go on, or end, and " +
            "none begins",
        ),
    })
    .prefault({})
    .describe("what is kept"),
  task_folders: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .default([])
    .describe(
      "below which task files and their pictures may lie that a client names by path, beside config/tasks; from the " +
        "folder of this file",
    ),
  guardrails: z
    .strictObject({
      clearance: length({ min: 0, max: 0.5 })
        .default(0.01)
        .describe("between the arm and any keep-out or fixed geometry"),
      self_clearance: length({ min: 0, max: 0.1 }).default(0.005).describe("between the arm's own links"),
      person: z
        .strictObject({
          speed: speed({ min: 0, max: 5 }).default(1.6).describe("v_h where unmeasured"),
          noise: length({ min: 0, max: 0.5 }).default(0.02).describe("of the tracking"),
          forget_after: duration({ min: 0 })
            .optional()
            .describe(
              "parts not told of for so long are gone: declare it where the tracker sees all that the arm can " +
                "reach; absent: never while the arm could reach them",
            ),
          required: z
            .boolean()
            .default(false)
            .describe(
              "whether nothing moves without a people tracker: who was never looked for is unknown, not absent",
            ),
          stale_after: duration({ above: 0, max: 2 })
            .default(0.3)
            .describe("of `bodies`, where required; a message that names nobody counts"),
          mode: z
            .enum(["separation", "power_and_force"])
            .default("separation")
            .describe("nobody is touched by a moving arm, or not harder than a body region bears"),
          regions: z
            .record(z.string(), z.enum(bodyRegions))
            .default({})
            .describe("of each body by id, for power_and_force; whoever is not named keeps separation"),
        })
        .prefault({})
        .describe("how people are kept clear of"),
      object_speed: speed({ min: 0, max: 5 }).default(0.5).describe("of moving obstacles where unmeasured"),
    })
    .prefault({})
    .describe("distances and people; a robot's and a task's own come beside"),
});

export type AgentConfig = z.output<typeof agentSchema>;
export type LevelConfig = AgentConfig["levels"][number];
export type SearchConfig = LevelConfig["search"];

/** @throws ConfigError */
export const loadAgentConfig = (nameOrPath: string): AgentConfig => parseAgent(loadConfig("agents", nameOrPath));

/** An agent from a document already read. @throws ConfigError */
export function parseAgent(document: YamlDocument): AgentConfig {
  const agent = parseConfig(agentSchema, document);
  agent.task_folders = agent.task_folders.map((folder) =>
    resolve(dirname(document.locate(["task_folders"]).file), folder),
  );
  agent.levels.forEach((level, i) => {
    if (agent.levels.findIndex((other) => other.name === level.name) !== i)
      throw document.error(["levels", i, "name"], `got '${level.name}' a second time, want a name of its own`);
    if (i > 0 && level.learned !== undefined)
      throw document.error(["levels", i, "learned"], "got a learned model below the top level, want one there or none");
    if (i < agent.levels.length - 1 && level.tracking !== undefined)
      throw document.error(["levels", i, "tracking"], "got it above the lowest level, want it there or nowhere");
    if (i > 0 && level.dt > agent.levels[i - 1].dt)
      throw document.error(
        ["levels", i, "dt"],
        `got ${level.dt}, want at most ${agent.levels[i - 1].dt}, the dt of the level above (s)`,
      );
  });
  return agent;
}
