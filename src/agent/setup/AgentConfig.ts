import { dirname, resolve } from "node:path";
import { z } from "zod";
import {
  bodyRegions,
  duration,
  length,
  loadConfig,
  orientation,
  parseConfig,
  ratio,
  speed,
  vec3,
  type YamlDocument,
} from "../../config/index.js";
import { energySchema } from "../../cost/index.js";
import type { Seconds } from "../../core/Seconds.js";
import { levelKinds } from "../../planner/hierarchy/levelKinds.js";
import { subgoals } from "../../planner/hierarchy/subgoals/subgoals.js";
import { searches } from "../../planner/search/searches.js";
import { loadPlugins } from "./loadPlugins.js";

const count = (min: number, max: number): z.ZodType<number> => z.int().min(min).max(max);
const point = vec3(length());

/** Intrinsic terms and their weights; the terms' own options are declared with the terms, in src/cost. */
const costWeights = z.record(z.string(), ratio(0, 1e6));

/** A learned model of the rest of the world: see `Learned` and `LearnedTerms`. */
const learned = z.strictObject({
  model: z.string().min(1).describe("a name in models/, or the path of a model's folder"),
  samples: count(1, 16).default(1).describe("random futures per action sequence, if the model has latents w"),
  reach: length({ above: 0, max: 10 })
    .optional()
    .describe(
      "an object farther than this from the tool, and from objects that it moved, stays where it is; default: what " +
        "the model predicts",
    ),
  energy: energySchema.prefault({}).describe("weights of what the level minimises"),
});

/** Keys common to all levels. */
const levelKeys = {
  name: z.string().min(1).max(40).describe("name of the level in messages"),
  learned: learned.optional().describe("learned world model; all levels that have one share it"),
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
  clearance: z
    .strictObject({
      distance: length({ above: 0, max: 0.5 }).describe("distance to a guardrail below which the cost begins"),
      weight: ratio(0, 1e6).describe("weight"),
    })
    .default({ distance: 0.03, weight: 1 })
    .describe("soft distance to the guardrails"),
  costs: costWeights.default({}).describe("cost terms of the level, by name, with their weights"),
};

/** One of several shapes, chosen by a key; includes those added from outside. */
function oneOf(
  key: string,
  shapes: readonly (readonly [name: string, describe: string, keys: z.ZodRawShape])[],
): z.ZodType {
  const options = shapes.map(([name, describe, keys]) =>
    z.strictObject({ [key]: z.literal(name).describe(describe), ...keys }),
  );
  return z.discriminatedUnion(key, options as unknown as [z.ZodObject<Record<string, z.ZodLiteral>>]);
}

/** A level, of any kind that is registered now. */
function levelSchema(): z.ZodType<LevelConfig> {
  const search = oneOf(
    "method",
    searches.entries.map(([name, { describe, keys }]) => [name, describe, keys]),
  );
  const keys = {
    ...levelKeys,
    search: search.describe("the search of the level"),
    subgoal: z
      .enum(subgoals.names as [string])
      .default("path")
      .describe(subgoals.entries.map(([name, { describe }]) => `${name}: ${describe}`).join("; ")),
  };
  const kinds = levelKinds.entries.map(
    ([name, { describe, keys: own, planner }]) =>
      [name, describe, planner === undefined ? { ...keys, ...own } : { name: levelKeys.name, ...own }] as const,
  );
  return oneOf("model", kinds) as z.ZodType<LevelConfig>;
}

/** A search in an agent file: its method, and the options by that method's own schema. */
export interface SearchConfig {
  readonly method: string;
  readonly samples: number;
  readonly [key: string]: unknown;
}

/** A level in an agent file; its other keys are checked by its kind's own schema. */
export type LevelConfig = z.output<z.ZodObject<typeof levelKeys>> & {
  readonly model: string;
  readonly subgoal: string;
  readonly search: SearchConfig;
};

/** The level without search: it follows the plan above it and keeps the safety filter. */
const reflex = z.strictObject({
  period: duration({ above: 0, max: 0.1 }).default(0.01).describe("period of its ticks"),
  lead: duration({ min: 0, max: 0.2 }).default(0.01).describe("how far ahead of the present a command begins"),
});

const agentKeys = {
  plugins: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .default([])
    .describe(
      "JavaScript modules that add kinds of levels, searches, goals, costs or guardrails; relative to this file",
    ),
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
};

/** An agent: its levels from top to bottom, and its numbers. Its levels may be of any kind that is registered now. */
export const agentSchema = () =>
  z.strictObject({
    name: z.string().min(1).max(80).describe("name in messages"),
    levels: z
      .array(levelSchema())
      .min(1)
      .max(4)
      .describe("levels of planning, top to bottom; each passes its plan to the next"),
    ...agentKeys,
  });

/** A level that plans steps, in an agent file; its other keys are checked by its kind's own schema. */
export interface StepLevelConfig {
  readonly model: string;
  readonly name: string;
  readonly deadline: Seconds;
}

/** An agent's YAML file, checked: levels, searches and numbers, in SI units. */
export type AgentConfig = z.output<ReturnType<typeof agentSchema>> & {
  planner?: StepLevelConfig; // the file's top level, if it plans steps; `levels` are those that move the arm
};

/** @throws ConfigError */
export const loadAgentConfig = (nameOrPath: string): AgentConfig => parseAgent(loadConfig("agents", nameOrPath));

/** An agent from a document already read; its plugins are loaded first. @throws ConfigError */
export function parseAgent(document: YamlDocument): AgentConfig {
  const from = (key: string) => (path: string) => resolve(dirname(document.locate([key]).file), path);
  loadPlugins(document, from("plugins"));
  const agent: AgentConfig = parseConfig(agentSchema(), document);
  agent.plugins = agent.plugins.map(from("plugins"));
  agent.task_folders = agent.task_folders.map(from("task_folders"));
  const { levels } = agent;
  const model = levels.find((level) => level.learned !== undefined)?.learned!.model;
  for (const [i, level] of levels.entries()) {
    const above = levels.at(i - 1);
    const refuse = (key: keyof LevelConfig, message: string): Error => document.error(["levels", i, key], message);
    if (levels.findIndex((other) => other.name === level.name) !== i)
      throw refuse("name", `got '${level.name}' a second time, want a name of its own`);
    if (level.learned !== undefined && level.learned.model !== model)
      throw refuse("learned", `got the model '${level.learned.model}', want '${model}', the model of the other levels`);
    if (i < levels.length - 1 && level.tracking !== undefined)
      throw refuse("tracking", "got it above the lowest level, want it at the lowest level only");
    if (i === 0 || above === undefined) continue;
    if (levelKinds.of(level.model).planner !== undefined)
      throw refuse("model", `got ${level.model} below another level, want it at the top only`);
    if (levelKinds.of(above.model).planner !== undefined) continue;
    if (level.dt > above.dt)
      throw refuse("dt", `got ${level.dt}, want at most ${above.dt}, the dt of the level above (s)`);
    if (subgoals.of(level.subgoal).learned && (level.learned === undefined || above.learned === undefined))
      throw refuse("subgoal", `got '${level.subgoal}', want a learned model here and in the level above for it`);
  }
  if (levelKinds.of(levels[0].model).planner === undefined) return agent;
  if (levels.length === 1)
    throw document.error(["levels"], `got ${levels[0].name} alone, want levels that move the arm`);
  return { ...agent, planner: levels[0] as unknown as StepLevelConfig, levels: levels.slice(1) };
}
