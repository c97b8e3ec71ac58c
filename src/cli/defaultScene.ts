import { basename } from "node:path";
import { configNames, resolveConfig } from "../config/index.js";
import { isTaskText } from "../cost/index.js";

/** The scene that each of the shipped tasks was written for. */
const scenes: Readonly<Record<string, string>> = { around_wall: "wall" };

export const DEFAULT_TASK = "around_wall";

/**
 * Where a task is tried when no scene is named: a shipped task in its own, any other (a path, a YAML text) in the scene
 * of its file's name if there is one, else on the table.
 */
export function defaultScene(task: string): string {
  if (isTaskText(task)) return "table";
  const name = basename(resolveConfig("tasks", task)).replace(/\.ya?ml$/, "");
  return scenes[name] ?? (configNames("scenes").includes(name) ? name : "table");
}
