import { dirname, join } from "node:path";
import { packageRoot, resolveConfig } from "../../config/index.js";
import { isTaskText } from "../../cost/index.js";
import type { AgentSetup } from "./AgentSetup.js";

/**
 * Folders below which a client may name task files and pictures by their path: a goal comes from somebody else, and
 * must not read the whole machine.
 */
export const taskFolders = ({ agent }: Pick<AgentSetup, "agent">): string[] => [
  ...agent.task_folders,
  join(packageRoot(), "config", "tasks"),
];

/** The setup with the folder of the task file named at the start: that file may be named again by its path. */
export function withTaskFolder(setup: AgentSetup, task: string): AgentSetup {
  if (task === "" || isTaskText(task)) return setup;
  const { agent } = setup;
  return {
    ...setup,
    agent: { ...agent, task_folders: [...agent.task_folders, dirname(resolveConfig("tasks", task))] },
  };
}
