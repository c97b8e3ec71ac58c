import { z } from "zod";
import type { YamlDocument } from "../config/index.js";
import type { Kinds } from "../core/Kinds.js";
import { duration, loadYaml, oneKey, parseConfig, parseYaml, ratio, resolveConfig } from "../config/index.js";
import { costs, goalGroups, goals } from "./plugins.js";

/**
 * Schemas of the guardrails that a task may add, by key. They belong to the room `guardrails`; the caller that loads
 * tasks passes them.
 */
export type GuardrailSchemas = Readonly<Record<string, z.ZodType>>;

const schemasOf = (kinds: Kinds<{ readonly schema: z.ZodType }>): Record<string, z.ZodType> =>
  Object.fromEntries(kinds.entries.map(([name, { schema }]) => [name, schema]));

export const DEFAULT_TIMEOUT = 60; // s

/**
 * A task file: its goals, how long they must hold, its costs, and the guardrails that it adds to the robot's own.
 */
export const taskSchema = <G extends GuardrailSchemas>(guardrails: G) =>
  z.strictObject({
    name: z.string().min(1).max(80).default("task").describe("name in messages and logs"),
    goal: z
      .array(oneKey("a goal", { ...schemasOf(goals), ...schemasOf(goalGroups) }))
      .min(1)
      .max(20)
      .describe("goals; all must hold together"),
    hold: duration({ min: 0, max: 60 }).default(0.5).describe("time for which all goals must hold, at rest"),
    timeout: duration({ above: 0, max: 3600 }).default(DEFAULT_TIMEOUT).describe("time after which the task fails"),
    costs: z
      .array(
        oneKey(
          "a cost",
          { ...schemasOf(goals), ...schemasOf(goalGroups), ...schemasOf(costs) },
          { weight: ratio(0, 1e6).default(1).describe("weight") },
        ),
      )
      .max(20)
      .default([])
      .describe("preferences; every goal may be a cost too"),
    guardrails: z
      .array(oneKey("a guardrail", guardrails))
      .max(50)
      .default([])
      .describe("hard bounds, in addition to the robot's own"),
  });

export type TaskConfig = z.output<ReturnType<typeof taskSchema>>;

/** A task as written: checked, but not yet bound to an agent. The document has the places of its values. */
export interface Task {
  readonly config: TaskConfig;
  readonly document: YamlDocument;
}

/** Whether it is a task's YAML text, and neither its name nor a path. */
export const isTaskText = (task: string): boolean => /[\n{]|:\s/.test(task);

/**
 * A task by name, path, or as the YAML text itself (from an action goal).
 * @param below folders that a file must lie in; default: any file, for callers that may read it anyway
 * @throws ConfigError
 */
export function loadTask(nameOrText: string, guardrails: GuardrailSchemas = {}, below?: readonly string[]): Task {
  const document = isTaskText(nameOrText)
    ? parseYaml(nameOrText, "<task goal>")
    : loadYaml(resolveConfig("tasks", nameOrText, below));
  return { config: parseConfig(taskSchema(guardrails), document), document };
}
