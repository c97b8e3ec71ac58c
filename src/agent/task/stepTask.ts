import type { TaskSpec } from "../../cost/index.js";
import type { TaskStep } from "../../planner/task/TaskPlan.js";

/** A step of the task level's plan as a task for the levels below: the step's goals, the task's guardrails too. */
export function stepTask(task: TaskSpec, { words, goal, costs = [], guardrails }: TaskStep): TaskSpec {
  return {
    name: `${task.name}: ${words}`,
    hold: 0,
    timeout: Infinity,
    goal,
    costs: [...task.costs, ...costs],
    guardrails: [...task.guardrails, ...(guardrails as TaskSpec["guardrails"])],
  };
}
