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
const search = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("cem").describe("cem: cross-entropy method; mppi: path integral"),
    ...population,
    elites: ratio(0.01, 0.5).default(0.1).describe("cem: share of the samples that it continues with"),
  }),
  z.strictObject({
    method: z.literal("mppi"),
    ...population,
    temperature: ratio(1e-6, 1e6)
      .default(0.1)
      .describe("mppi: temperature, relative to the spread of the batch's energies"),
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
    .describe("direction in the base frame"),
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

/** Intrinsic terms and their weights; the terms' own options live with the terms, in src/cost. */
const costWeights = z.record(z.string(), ratio(0, 1e6));

/** What the rest of the world does, as a learned model has it: see `worldmodel/Learned` and `agent/goalTerms`. */
const learned = z.strictObject({
  model: z.string().min(1).describe("a name in models/, or the path of a model's folder"),
  samples: count(1, 16).default(1).describe("random futures per action sequence, if the model has latents w"),
  reach: length({ above: 0, max: 10 })
    .optional()
    .describe(
      "an object farther than this from the tool, and from objects that it moved, stays where it is; default: what " +
        "the model predicts",
    ),
  energy: z
    .strictObject({
      objects: ratio(0, 1e6).default(1).describe("weight of the objects' distance from their places"),
      latent: ratio(0, 1e6).default(0).describe("weight of the distance from a goal image's latent"),
      steps: ratio(0, 1e6).default(0).describe("weight of the learned number of steps between two latents"),
      tool: ratio(0, 1e6).default(0.2).describe("weight of the tool's distance from its place in a goal image"),
      running: ratio(0, 1e6).default(1).describe("weight of the path, 1/s"),
      terminal: ratio(0, 1e6).default(1).describe("weight of the end of the path"),
      scale: length({ above: 0, max: 10 }).default(0.05).describe("unit of the distances"),
      nearness: ratio(0, 1e6).default(0.5).describe("weight of the tool's distance from where a push would begin"),
      standoff: length({ min: 0, max: 1 }).default(0.06).describe("distance of that place from the object's centre"),
      done: length({ above: 0, max: 1 })
        .default(0.02)
        .describe("an object nearer to its place than this, or than half the goal's tolerance, has no energy"),
      height: length({ min: -1, max: 2 })
        .optional()
        .describe("height at which the tool pushes; default: the objects' centres"),
    })
    .prefault({})
    .describe("weights of what the level minimises"),
});

const planning = z.strictObject({
  name: z.string().min(1).max(40).describe("name of the level in messages"),
  model: z
    .enum(["joint_displacement", "joint_velocity", "tool_displacement"])
    .describe("meaning of an action of this level"),
  tool: toolSchema.prefault({}).describe("actions of tool_displacement"),
  learned: learned.optional().describe("learned world model; top level only"),
  tracking: z
    .string()
    .min(1)
    .optional()
    .describe(
      "learned model of how the arm follows its commands, lowest level only; a name in models/, or the path of a " +
        "model's folder",
    ),
  dt: duration({ above: 0, max: 10 }).describe("time between actions"),
  horizon: count(1, 100).describe("number of actions of a plan"),
  knots: count(1, 32).default(2).describe("kinematic knots per action"),
  period: duration({ above: 0, max: 60 }).describe("time between plans"),
  deadline: duration({ above: 0, max: 60 }).optional().describe("time limit of one search; default: 0.8 of the period"),
  search: search.describe("the search of the level"),
  clearance: z
    .strictObject({
      distance: length({ above: 0, max: 0.5 }).describe("distance to a guardrail below which the cost begins"),
      weight: ratio(0, 1e6).describe("weight"),
    })
    .default({ distance: 0.03, weight: 1 })
    .describe("soft distance to the guardrails"),
  costs: costWeights.default({}).describe("cost terms of the level, by name, with their weights"),
});

/** The level without search: it follows the plan above it and keeps the safety filter. */
const reflex = z.strictObject({
  period: duration({ above: 0, max: 0.1 }).default(0.01).describe("period of its ticks"),
  lead: duration({ min: 0, max: 0.2 }).default(0.01).describe("how far ahead of the present a command begins"),
});

/** An agent: its levels from top to bottom, and the rooms' numbers. */
export const agentSchema = z.strictObject({
  name: z.string().min(1).max(80).describe("name in messages"),
  levels: z
    .array(planning)
    .min(1)
    .max(4)
    .describe("levels of planning, top to bottom; each passes its plan to the next"),
  reflex: reflex.prefault({}).describe("the level without search, which sends the commands"),
  perception: z
    .strictObject({
      stale_after: duration({ above: 0, max: 2 }).default(0.1).describe("maximum age of joint states"),
      frames: z
        .record(
          z.string().min(1).max(200),
          z.strictObject({
            position: point.default([0, 0, 0]).describe("position of its origin, in the arm's base frame"),
            orientation: orientation.default([0, 0, 0, 1]).describe("orientation of its axes"),
          }),
        )
        .default({})
        .describe("frames of bodies and objects, by frame_id: their pose in the arm's base frame"),
    })
    .prefault({})
    .describe("inputs of the agent"),
  memory: z
    .strictObject({
      buffer: duration({ above: 0, max: 60 }).default(2).describe("length of the observation buffer"),
      log: z.string().default("runs").describe('folder of the episode logs, from the working directory; "" for none'),
      keep: count(1, 10000).default(20).describe("number of recorded runs that are kept"),
      megabytes: count(1, 1e6).default(1000).describe("size limit of all recorded runs together, and of one run"),
      unlogged: z
        .enum(["go_on", "stop"])
        .default("go_on")
        .describe(
          "go_on or stop tasks while the log cannot be written (a full or slow disk); with stop, no task begins",
        ),
    })
    .prefault({})
    .describe("what the agent records"),
  task_folders: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .default([])
    .describe(
      "folders, besides config/tasks, whose task files and pictures a client may name by path; relative to this file",
    ),
  guardrails: z
    .strictObject({
      clearance: length({ min: 0, max: 0.5 })
        .default(0.01)
        .describe("clearance between the arm and any keep-out or fixed geometry"),
      self_clearance: length({ min: 0, max: 0.1 }).default(0.005).describe("clearance between the arm's own links"),
      person: z
        .strictObject({
          speed: speed({ min: 0, max: 5 }).default(1.6).describe("speed of people, v_h, if their message gives none"),
          noise: length({ min: 0, max: 0.5 }).default(0.02).describe("bound on the position error of the tracker"),
          forget_after: duration({ min: 0 })
            .optional()
            .describe(
              "parts that are not reported for this time are gone; set it only if the tracker sees all that the arm " +
                "can reach; default: never while the arm could reach them",
            ),
          required: z
            .boolean()
            .default(false)
            .describe("nothing moves without a people tracker; a person who was never reported is unknown, not absent"),
          stale_after: duration({ above: 0, max: 2 })
            .default(0.3)
            .describe("maximum age of `bodies`, if required; an empty message counts"),
          mode: z
            .enum(["separation", "power_and_force"])
            .default("separation")
            .describe(
              "separation: no moving link touches a person; power_and_force: not harder than a body region bears",
            ),
          regions: z
            .record(z.string(), z.enum(bodyRegions))
            .default({})
            .describe("body region of each body by id, for power_and_force; bodies without one keep separation"),
        })
        .prefault({})
        .describe("how people are protected"),
      object_speed: speed({ min: 0, max: 5 })
        .default(0.5)
        .describe("speed of moving obstacles, if their message gives none"),
    })
    .prefault({})
    .describe("distances and people, in addition to the guardrails of robot and task"),
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
