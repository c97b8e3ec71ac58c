import { goals, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

/**
 * The default agent of a task: one with a learned world model if objects must be moved, because their motion must be
 * predicted.
 * @throws ConfigError
 */
export const defaultAgent = (task: string): string =>
  loadTask(task, guardrailSchemas).config.goal.some(({ kind }) => goals.of(kind).needsModel) ? "learned" : "default";
