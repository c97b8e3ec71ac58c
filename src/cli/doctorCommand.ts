import { Command } from "commander";

/** `telos doctor`: exits 0 if all checks pass. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "check everything that telos depends on (Node, ROS, messages, a round trip over DDS …) and suggest a fix for " +
        "each problem",
    )
    .option(
      "--robot <name or file>",
      "check this arm too: its file, its shape, its joint states, who subscribes to its commands, and its controller",
    )
    .option("--json", "print one JSON object instead")
    .addHelpText(
      "after",
      "\nExamples:\n  telos doctor\n  telos doctor --robot my_arm.yaml     with the arm's driver running\n" +
        "  telos doctor --json | jq '.checks[] | select(.ok | not)'\n",
    )
    .action(async (options: { json?: boolean; robot?: string }) => {
      const { doctor } = await import("./doctor.js");
      process.exitCode = await doctor({ json: options.json ?? false, robot: options.robot });
      // rclnodejs leaves native handles behind that would keep the event loop alive
      if (options.robot !== undefined) process.exit();
    });
}
