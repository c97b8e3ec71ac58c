import type { PlannedOption, TaskPlan } from "./TaskPlan.js";

/** The option that a step belongs to, and its number; undefined after the last step. */
export function optionAt(
  plan: TaskPlan,
  step: number,
): { readonly option: PlannedOption; readonly number: number } | undefined {
  if (step >= plan.steps.length) return undefined;
  const number = plan.options.findLastIndex(({ first }) => first <= step);
  return number < 0 ? undefined : { option: plan.options[number], number };
}
