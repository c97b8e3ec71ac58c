import { Command } from "commander";
import { positiveTime } from "./positiveTime.js";

const HELP = `
The command only listens and moves nothing. Meanwhile let the agent move a few joints back and forth, from another
terminal. Then copy the line that the command prints into the robot file.

Example:
  telos calibrate delay --robot my_arm.yaml --for 10
`;

/** `telos calibrate`: measures values of an arm for bring-up. */
export function calibrateCommand(): Command {
  const calibrate = new Command("calibrate")
    .description("measure values of a real arm for its robot file")
    .addHelpText("after", HELP);
  calibrate
    .command("delay")
    .description("measure the delay from a command to the joint states that show it, over ROS 2")
    .requiredOption("--robot <name or file>", "robot in config/robots, or a YAML file")
    .option("--for <s>", "how long to listen", positiveTime, 10)
    .action(async (options: { readonly robot: string; readonly for: number }) => {
      process.exit(await delay(options)); // rclnodejs leaves native handles behind that would keep the event loop alive
    });
  return calibrate;
}

async function delay({ robot: name, for: time }: { readonly robot: string; readonly for: number }): Promise<number> {
  const [{ loadRobotConfig }, { recordMotion }, { servoDelay }, { commandTopic }] = await Promise.all([
    import("../config/index.js"),
    import("../adapters/ros/client/recordMotion.js"),
    import("../core/math/servoDelay.js"),
    import("../adapters/ros/commandTopic.js"),
  ]);
  const robot = loadRobotConfig(name),
    joints = robot.joints ?? (await jointsOf(robot.urdf, name));
  const { measured, commanded } = await recordMotion(commandTopic(robot.controller, "telos"), joints, time);
  const { delay: d, within, samples } = servoDelay(measured, commanded);
  const ms = (t: number): string => (1000 * t).toFixed(1);
  process.stdout.write(
    `delay ${ms(d)} ± ${ms(within)} ms, from ${samples} joint states in motion\ncontroller: { delay: ${ms(d)} ms }\n`,
  );
  return 0;
}

async function jointsOf(urdf: string | undefined, name: string): Promise<readonly string[]> {
  if (urdf === undefined) throw new Error(`robot ${name}: got neither joints nor urdf, want one of them in its file`);
  const [{ readFileSync }, { armOfRobot }, { loadRobotConfig }] = await Promise.all([
    import("node:fs"),
    import("../agent/robot/armOfRobot.js"),
    import("../config/index.js"),
  ]);
  return armOfRobot(name, loadRobotConfig(name), readFileSync(urdf, "utf8")).arm.jointNames;
}
