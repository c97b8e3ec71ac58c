import type { TaskContext } from "./TaskContext.js";
import type { TaskInputs } from "./TaskInputs.js";
import type { Refusal, TaskPlan } from "./TaskPlan.js";

/** A plan of options that leads from a state to the goals, or why there is none. */
export function planTask(context: TaskContext, _inputs: TaskInputs): TaskPlan | Refusal {
  if (context.arm.gripper === undefined) return { code: "NO_HAND", why: `${context.arm.name} has no gripper` };
  return { code: "NO_PLAN", why: "no option leads there" };
}
