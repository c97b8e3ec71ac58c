import { loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

// goals for which things must be moved, so somebody must know how they move
const PREDICTION: readonly string[] = ["goal_image", "object_at", "region", "relation"];

/**
 * The agent that a task asks for where none is named: one with a learned world model where it is about objects.
 * @throws ConfigError
 */
export const defaultAgent = (task: string): string =>
  loadTask(task, guardrailSchemas).config.goal.some(({ kind }) => PREDICTION.includes(kind)) ? "learned" : "default";
