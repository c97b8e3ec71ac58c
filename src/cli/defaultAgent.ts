import { goals, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

/**
 * The agent that a task asks for where none is named: one with a learned world model where things must be moved, so
 * somebody must know how they move.
 * @throws ConfigError
 */
export const defaultAgent = (task: string): string =>
  loadTask(task, guardrailSchemas).config.goal.some(({ kind }) => goals.of(kind).needsModel) ? "learned" : "default";
