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
import { levelKinds } from "../../planner/hierarchy/levelKinds.js";
import { subgoals } from "../../planner/hierarchy/subgoals/subgoals.js";
import { searches } from "../../planner/search/searches.js";
import { loadPlugins } from "./loadPlugins.js";

const count = (min: number, max: number): z.ZodType<number> => z.int().min(min).max(max);
const point = vec3(length());

/** Intrinsic terms and their weights; the terms' own options live with the terms, in src/cost. */
const costWeights = z.record(z.string(), ratio(0, 1e6));

/** What the rest of the world does, as a learned model has it: see `Learned` and `LearnedTerms`. */
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
  energy: energySchema.prefault({}).describe("what it minimises"),
});

/** What all levels say of themselves. */
const levelKeys = {
  name: z.string().min(1).max(40).describe("what the level is called in messages"),
  learned: learned.optional().describe("how the rest of the world moves; one model for all levels that have one"),
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
  clearance: z
    .strictObject({
      distance: length({ above: 0, max: 0.5 }).describe("nearer than this to a guardrail costs"),
      weight: ratio(0, 1e6).describe("how much"),
    })
    .default({ distance: 0.03, weight: 1 })
    .describe("room kept to the guardrails, softly"),
  costs: costWeights.default({}).describe("terms of its own, by name, and their weights"),
};

/** One of several shapes, told apart by a key; of what was added from outside, too. */
function oneOf(
  key: string,
  shapes: readonly (readonly [name: string, describe: string, keys: z.ZodRawShape])[],
): z.ZodType {
  const options = shapes.map(([name, describe, keys]) =>
    z.strictObject({ [key]: z.literal(name).describe(describe), ...keys }),
  );
  return z.discriminatedUnion(key, options as unknown as [z.ZodObject<Record<string, z.ZodLiteral>>]);
}

/** A level, of any kind that is known now. */
function levelSchema(): z.ZodType<LevelConfig> {
  const search = oneOf(
    "method",
    searches.entries.map(([name, { describe, keys }]) => [name, describe, keys]),
  );
  const keys = {
    ...levelKeys,
    search: search.describe("how it searches"),
    subgoal: z
      .enum(subgoals.names as [string])
      .default("path")
      .describe(subgoals.entries.map(([name, { describe }]) => `${name}: ${describe}`).join("; ")),
  };
  const kinds = levelKinds.entries.map(
    ([name, { describe, keys: own }]) => [name, describe, { ...keys, ...own }] as const,
  );
  return oneOf("model", kinds) as z.ZodType<LevelConfig>;
}

/** A search as an agent file has it: its method, and what that method's own schema makes of the rest. */
export interface SearchConfig {
  readonly method: string;
  readonly samples: number;
  readonly [key: string]: unknown;
}

/** A level as an agent file has it; beside these what its kind's own schema makes of the rest. */
export type LevelConfig = z.output<z.ZodObject<typeof levelKeys>> & {
  readonly model: string;
  readonly subgoal: string;
  readonly search: SearchConfig;
};

/** The level without search: it follows the plan above it and keeps the safety filter. */
const reflex = z.strictObject({
  period: duration({ above: 0, max: 0.1 }).default(0.01).describe("of its ticks"),
  lead: duration({ min: 0, max: 0.2 }).default(0.01).describe("how far ahead of now a command begins"),
});

const agentKeys = {
  plugins: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .default([])
    .describe(
      "JavaScript modules that add kinds of levels, searches, goals, costs or guardrails; from the folder of this file",
    ),
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
};

/** An agent: its levels from top to bottom, and the rooms' numbers. Its levels may be of any kind that is known now. */
export const agentSchema = () =>
  z.strictObject({
    name: z.string().min(1).max(80).describe("what it is called in messages"),
    levels: z.array(levelSchema()).min(1).max(4).describe("that plan, top to bottom; each hands its plan to the next"),
    ...agentKeys,
  });

/** An agent's YAML file, checked: levels, searches and numbers, in SI units. */
export type AgentConfig = z.output<ReturnType<typeof agentSchema>>;

/** @throws ConfigError */
export const loadAgentConfig = (nameOrPath: string): AgentConfig => parseAgent(loadConfig("agents", nameOrPath));

/** An agent from a document already read; its plugins are loaded first. @throws ConfigError */
export function parseAgent(document: YamlDocument): AgentConfig {
  const from = (key: string) => (path: string) => resolve(dirname(document.locate([key]).file), path);
  loadPlugins(document, from("plugins"));
  const agent = parseConfig(agentSchema(), document);
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
      throw refuse("learned", `got the model '${level.learned.model}', want '${model}', which sees for this agent`);
    if (i < levels.length - 1 && level.tracking !== undefined)
      throw refuse("tracking", "got it above the lowest level, want it there or nowhere");
    if (i === 0 || above === undefined) continue;
    if (level.dt > above.dt)
      throw refuse("dt", `got ${level.dt}, want at most ${above.dt}, the dt of the level above (s)`);
    if (subgoals.of(level.subgoal).learned && (level.learned === undefined || above.learned === undefined))
      throw refuse("subgoal", `got '${level.subgoal}', want a learned model here and in the level above for it`);
  }
  return agent;
}
