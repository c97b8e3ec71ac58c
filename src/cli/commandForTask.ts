import { Command } from "commander";
import { DEFAULT_TASK } from "./defaultScene.js";

/** A command about a task, with options for scene, robot and agent that default to those of the task. */
export function commandForTask(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--task <name or file>", "task in config/tasks, or a YAML file", DEFAULT_TASK)
    .option("--scene <name or file>", "scene in config/scenes, or a YAML file (default: the task's)")
    .option("--robot <name or file>", "robot in config/robots, or a YAML file (default: the scene's)")
    .option(
      "--agent <name or file>",
      "levels, searches and weights: a name in config/agents, or a YAML file (default: hands for tasks that need a " +
        "hand, learned for others about objects or pictures, else default)",
    );
}
