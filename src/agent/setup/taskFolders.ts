import { dirname, join } from "node:path";
import { packageRoot, resolveConfig } from "../../config/index.js";
import { isTaskText } from "../../cost/index.js";
import type { AgentSetup } from "./AgentSetup.js";

/**
 * Folders below which a client may name task files and pictures by their path: what a goal says is somebody else's
 * word, and is not to read the whole machine.
 */
export const taskFolders = ({ agent }: Pick<AgentSetup, "agent">): string[] => [
  ...agent.task_folders,
  join(packageRoot(), "config", "tasks"),
];

/** The setup with the folder of a task file that whoever starts the agent names: it may be named again by its path. */
export function withTaskFolder(setup: AgentSetup, task: string): AgentSetup {
  if (task === "" || isTaskText(task)) return setup;
  const { agent } = setup;
  return {
    ...setup,
    agent: { ...agent, task_folders: [...agent.task_folders, dirname(resolveConfig("tasks", task))] },
  };
}
