import { InvalidArgumentError, Option, type Command } from "commander";
import type { RunOptions } from "./RunSession.js";
import { wholeNumber } from "./wholeNumber.js";
import { commandForTask } from "./commandForTask.js";

const HELP = `
Simulator and agent are two processes, which communicate over DDS. The first Ctrl-C stops the arm and then ends both;
the second one ends both at once.

Without --scene a shipped task runs in its own scene. Any other task runs in the scene with the name of its file, or on
the table if there is none. The exit code is 0 if the task succeeded, 1 if not, and 130 after Ctrl-C.

Examples:
  telos run                                      goes around the wall
  telos run --task reach --seed 3 --headless     plain lines, as in a log
  telos run --task my_task.yaml --scene my_scene.yaml --json | tail -1
`;

/** `telos run`, and so `npm start`: simulator and agent together. */
export function runCommand(): Command {
  return commandForTask("run", "run simulator and agent together on one task, and print a summary")
    .addOption(
      new Option("--guard <place>", "where the safety filter runs: inside the agent, or apart in a third process")
        .choices(["inside", "apart"])
        .default("inside"),
    )
    .option("--seed <n>", "seed of the scene's random draws", wholeNumber, 1)
    .option("--timeout <s>", "give up after this simulated time; 0: the task's own timeout", seconds, 0)
    .option("--speed <x>", "simulated seconds per second; above 1 the planners have less time", speed, 1)
    .option("--domain <id>", "ROS domain (default: ROS_DOMAIN_ID, or 0)", wholeNumber)
    .option("--headless", "print plain lines instead of the live view", false)
    .option("--json", "print one JSON object as the last line on stdout; everything else goes to stderr", false)
    .option(
      "--record [file]",
      "record messages and decisions as an MCAP file for ros2 bag, Foxglove and telos replay (default file: beside " +
        "the run's log)",
    )
    .option("--keep", "keep simulator and agent running after the task, until Ctrl-C", false)
    .option("--verbose", "print the nodes' messages and the parts of the start-up time too", false)
    .addHelpText("after", HELP)
    .action(async (options: RunOptions) => {
      const { RunSession } = await import("./RunSession.js");
      // rclnodejs leaves native handles behind that would keep the event loop alive
      process.exit(await new RunSession(options).execute());
    });
}

function seconds(text: string): number {
  const x = Number(text);
  if (text.trim() === "" || !(x >= 0 && x <= 86400))
    throw new InvalidArgumentError("want a number of seconds, 0 … 86400");
  return x;
}

function speed(text: string): number {
  const x = Number(text);
  if (!(x > 0 && x <= 10))
    throw new InvalidArgumentError("want a number above 0, at most 10: planning does not get faster");
  return x;
}
