import { basename } from "node:path";
import { configNames, resolveConfig } from "../config/index.js";
import { isTaskText } from "../cost/index.js";

/** The scene that each of the shipped tasks was written for. */
const scenes: Readonly<Record<string, string>> = { around_wall: "wall" };

export const DEFAULT_TASK = "around_wall";

/**
 * The default scene of a task. A shipped task has its own. Any other task (a path, a YAML text) has the scene of the
 * same name if there is one, otherwise the table.
 */
export function defaultScene(task: string): string {
  if (isTaskText(task)) return "table";
  const name = basename(resolveConfig("tasks", task)).replace(/\.ya?ml$/, "");
  return scenes[name] ?? (configNames("scenes").includes(name) ? name : "table");
}
