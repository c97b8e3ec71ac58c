import { goals, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

/**
 * The default agent of a task. If objects must be moved, it is one with a learned world model, because their motion
 * must be predicted.
 * @throws ConfigError
 */
export const defaultAgent = (task: string): string =>
  loadTask(task, guardrailSchemas).config.goal.some(({ kind }) => goals.of(kind).needsModel) ? "learned" : "default";
