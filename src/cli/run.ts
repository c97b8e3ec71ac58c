import { InvalidArgumentError, Option, type Command } from "commander";
import type { RunOptions } from "./RunSession.js";
import { wholeNumber } from "./wholeNumber.js";
import { commandForTask } from "./commandForTask.js";

const HELP = `
The simulator is a process of its own; the two talk over DDS. The first Ctrl-C lets the arm come to rest and ends both;
a second one ends at once.

Without --scene a task is tried in the scene it was written for: a shipped task in its own, any other in the scene of
its file's name, else on the table. The exit code is 0 when the task was accomplished, 1 when not, 130 after Ctrl-C.

Examples:
  telos run                                      round the wall
  telos run --task reach --seed 3 --headless     plain lines, as in a log
  telos run --task my_task.yaml --scene my_scene.yaml --json | tail -1
`;

/** `telos run`, and so `npm start`: simulator and agent together. */
export function runCommand(): Command {
  return commandForTask("run", "simulator and agent together: accomplish a task, watch it, sum it up")
    .addOption(
      new Option(
        "--guard <place>",
        "where the guardrails have the last word: inside the agent, or apart, in a third process",
      )
        .choices(["inside", "apart"])
        .default("inside"),
    )
    .option("--seed <n>", "seed of the scene's random draws", wholeNumber, 1)
    .option("--timeout <s>", "give up after so many (simulated) seconds; 0: the task's own", seconds, 0)
    .option("--speed <x>", "simulated seconds per second; above 1 the planners have less time than the arm", speed, 1)
    .option("--domain <id>", "ROS domain (default: ROS_DOMAIN_ID, or 0)", wholeNumber)
    .option("--headless", "plain lines instead of the live view", false)
    .option("--json", "one JSON object as the last line on stdout; everything else goes to stderr", false)
    .option(
      "--record [file]",
      "record the messages in and out, and the decisions, as an MCAP file for ros2 bag, Foxglove and telos replay " +
        "(default: beside the run's log)",
    )
    .option("--keep", "leave simulator and agent running afterwards, until Ctrl-C", false)
    .option("--verbose", "also tell what the nodes say and where the start's time goes", false)
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
    throw new InvalidArgumentError("want a number above 0, at most 10: planning takes the time it takes");
  return x;
}
