import type { Percept } from "../core/Percept.js";
import type { TaskSpec } from "./bind.js";
import type { Picture } from "./goals/readPng.js";
import { goals } from "./plugins.js";

type Term = TaskSpec["goal"][number] | TaskSpec["costs"][number];
const seeing = ({ kind }: Term) => (goals.has(kind) ? goals.of(kind).see : undefined);

/**
 * The same task with its pictures encoded, each once. Resolves to the task itself if it has none.
 */
export async function seeGoals(task: TaskSpec, encode: (picture: Picture) => Promise<Percept>): Promise<TaskSpec> {
  if (!hasPictures(task)) return task;
  const look = async <T extends Term>(term: T): Promise<T> => {
    const see = seeing(term);
    return see === undefined ? term : { ...term, spec: await see(term.spec, encode) };
  };
  const goal: TaskSpec["goal"][number][] = [];
  const costs: TaskSpec["costs"][number][] = [];
  for (const term of task.goal) goal.push(await look(term));
  for (const term of task.costs) costs.push(await look(term));
  return { ...task, goal, costs };
}

export const hasPictures = (task: TaskSpec): boolean =>
  [...task.goal, ...task.costs].some((term) => seeing(term) !== undefined);
