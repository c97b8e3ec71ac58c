import { goalGroups, goals, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

/**
 * The default agent of a task. If objects must be moved, it is one with a learned world model, because their motion
 * must be predicted; if no push leads there, one with a hand.
 * @throws ConfigError
 */
export function defaultAgent(task: string): string {
  const { goal } = loadTask(task, guardrailSchemas).config;
  if (goal.some(({ kind, config }) => (goalGroups.has(kind) ? goalGroups : goals).of(kind).needsHand?.(config)))
    return "hands";
  return goal.some(({ kind }) => goals.of(kind).needsModel) ? "learned" : "default";
}
