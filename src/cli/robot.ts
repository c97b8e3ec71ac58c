import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";

interface ShowOptions {
  readonly scene?: string;
  readonly urdf?: string;
  readonly meshes?: string;
  readonly json: boolean;
  readonly yaml: boolean;
  readonly picture?: string;
}

const HELP = `
For each link it prints the capsules that enclose it, their source, and how much larger they are than the link (excess).
Then it prints the excluded pairs of capsules and the reason, whether other postures can be reached from home, the fixed
geometry of the URDF, and warnings. A link without a readable shape gets guessed capsules; the table marks them.

Examples:
  telos robot show arm7
  telos robot show my_arm.urdf --picture my_arm.png
  telos robot show ur5e --urdf ur5e.urdf --meshes ~/ros/src --yaml    prints the capsules for the robot file
`;

/** `telos robot`: the agent's model of an arm. */
export function robotCommand(): Command {
  const robot = new Command("robot")
    .description("show what Telos knows of an arm: its links, their capsules, and which of them were guessed")
    .addHelpText("after", HELP);
  robot
    .command("show")
    .description("show links, capsules, excess, excluded pairs and the reason; needs no ROS")
    .argument("<robot>", "robot in config/robots, its YAML, or a bare URDF")
    .option("--scene <name or file>", "add the fixed geometry of a scene in config/scenes, or of a YAML file")
    .option("--urdf <file>", "URDF of the arm, if the robot file names none")
    .option("--meshes <folder>", "look for package://NAME/a/b.stl in <folder>/NAME/a/b.stl and <folder>/a/b.stl too")
    .option("--json", "print one JSON object", false)
    .option("--yaml", "print capsules fitted to the URDF, in the format of the robot file", false)
    .option("--picture <file>", "draw the arm's capsules at home into a PNG file")
    .addHelpText("after", HELP)
    .action(show);
  return robot;
}

async function show(name: string, options: ShowOptions): Promise<void> {
  const [
    { armOptions },
    { requireUnits },
    { loadRobotConfig, loadSceneConfig, thingOf },
    { monotonic },
    { armFromUrdf, parseUrdf, passage },
    { meshReader },
    { capsulesYaml },
    { describeRobot, reportRobot },
  ] = await Promise.all([
    import("../agent/robot/armOptions.js"),
    import("../agent/robot/armOfRobot.js"),
    import("../config/index.js"),
    import("../core/time/SharedClock.js"),
    import("../kinematics/index.js"),
    import("../agent/robot/meshReader.js"),
    import("./capsulesYaml.js"),
    import("./RobotReport.js"),
  ]);
  const given = loadRobotConfig(name),
    file = options.urdf ?? given.urdf;
  if (file === undefined)
    throw new Error(`robot ${given.name}: got no urdf (it comes over robot_description), want --urdf FILE`);
  const robot = options.yaml ? { ...given, urdf: file, capsules: undefined } : { ...given, urdf: file };
  const choices = { ...armOptions(robot), readMesh: meshReader(file, options.meshes) };
  const urdf = parseUrdf(readFileSync(file, "utf8")),
    began = monotonic(),
    fitted = armFromUrdf(urdf, choices);
  requireUnits(name, fitted);
  const arm = { ...fitted, passage: passage(fitted) },
    took = monotonic() - began;
  const fixed =
    options.scene === undefined
      ? []
      : loadSceneConfig(options.scene).fixed.flatMap((f) => thingOf(f).parts.map((shape) => ({ id: f.id, shape })));
  if (options.picture !== undefined) {
    const { armPicture } = await import("./armPicture.js");
    writeFileSync(
      options.picture,
      armPicture(
        arm,
        [...fixed, ...(arm.world ?? [])].map((f) => f.shape),
      ),
    );
  }
  const report = reportRobot({ urdf, arm, robot, file, fixed, took }, choices);
  if (!options.yaml) {
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeRobot(report));
    return;
  }
  process.stdout.write(capsulesYaml(arm));
  for (const text of report.notices) process.stderr.write(`telos: robot ${robot.name}: ${text}\n`);
}
