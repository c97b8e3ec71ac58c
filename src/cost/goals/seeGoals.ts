import type { Percept } from "../../core/Percept.js";
import type { TaskSpec } from "../bind.js";
import type { GoalImageSpec } from "./GoalImage.js";
import type { Picture } from "./readPng.js";

/**
 * The same task with its pictures understood: each goal image is shown once to whoever can see. Resolves to the task
 * itself where there is none.
 */
export async function seeGoals(task: TaskSpec, see: (picture: Picture) => Promise<Percept>): Promise<TaskSpec> {
  if (!hasPictures(task)) return task;
  const look = async <T extends { readonly kind: string; readonly spec: unknown }>(term: T): Promise<T> => {
    if (term.kind !== "goal_image") return term;
    const spec = term.spec as GoalImageSpec;
    return { ...term, spec: { ...spec, seen: clearlySeen(await see(spec.picture), spec) } };
  };
  const goal: TaskSpec["goal"][number][] = [];
  const costs: TaskSpec["costs"][number][] = [];
  for (const term of task.goal) goal.push(await look(term));
  for (const term of task.costs) costs.push(await look(term));
  return { ...task, goal, costs };
}

/**
 * Without the objects that a goal picture hides: one whose standard deviation is above the tolerance could be anywhere,
 * so the picture does not ask for it. Where no object is clear, and only objects are asked for, all stay.
 */
export function clearlySeen(
  percept: Percept,
  { match, tolerance }: Pick<GoalImageSpec, "match" | "tolerance">,
): Percept {
  const objects = percept.objects.filter(({ std }) => std <= tolerance);
  return objects.length === 0 && match === "objects" ? percept : { ...percept, objects };
}

export const hasPictures = (task: TaskSpec): boolean =>
  [...task.goal, ...task.costs].some(({ kind }) => kind === "goal_image");
