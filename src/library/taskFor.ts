import { readTask } from "../agent/setup/readTask.js";
import { withTaskFolder } from "../agent/setup/taskFolders.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { Thing } from "../core/Thing.js";
import type { TaskSpec } from "../cost/bind.js";

/**
 * A task, fitted to an agent.
 * @param task a name in config/tasks, the path of a YAML file, or the YAML text itself
 * @param objects ids of the objects that the agent will get messages about; it knows those of its learned model
 * @param things shapes of those that a hand may move
 * @throws Error that names file, line and key, or what the agent cannot do
 */
export function taskFor(
  setup: AgentSetup,
  task: string,
  objects: readonly string[] = [],
  things: readonly Thing[] = [],
): TaskSpec {
  const read = readTask(task, withTaskFolder(setup, task), objects, things);
  if ("code" in read) throw new Error(read.message);
  return read.spec;
}
