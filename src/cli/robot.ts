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
Of every link: the capsules that stand for it, what they were made from, and how much more than its own shape they hold;
then which pairs of capsules are not kept apart, and why; whether home leads to other postures; what of the URDF stands
still and is kept clear of; and what had to be guessed.

Examples:
  telos robot show arm7
  telos robot show my_arm.urdf --picture my_arm.png
  telos robot show ur5e --urdf ur5e.urdf --meshes ~/ros/src --yaml    the capsules, to be written into the robot's file
`;

/** `telos robot`: what is known of an arm. */
export function robotCommand(): Command {
  const robot = new Command("robot")
    .description("what is known of an arm: its links, their capsules, and what was guessed")
    .addHelpText("after", HELP);
  robot
    .command("show")
    .description("links, capsules, excess, pairs that are not kept apart and why. Needs no ROS")
    .argument("<robot>", "robot in config/robots, its YAML, or a bare URDF")
    .option("--scene <name or file>", "with its fixed geometry: a scene in config/scenes, or a YAML file")
    .option("--urdf <file>", "the arm's URDF, where the robot's file names none")
    .option("--meshes <folder>", "package://NAME/a/b.stl is looked for at FOLDER/NAME/a/b.stl and FOLDER/a/b.stl too")
    .option("--json", "print one JSON object", false)
    .option("--yaml", "print capsules fitted anew to the URDF, as the robot's file has them", false)
    .option("--picture <file>", "draw the arm as its capsules, at home, into a PNG file")
    .addHelpText("after", HELP)
    .action(show);
  return robot;
}

async function show(name: string, options: ShowOptions): Promise<void> {
  const [
    { armOptions },
    { requireUnits },
    { boundingShape, loadRobotConfig, loadSceneConfig },
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
      : loadSceneConfig(options.scene).fixed.map((f) => ({ id: f.id, shape: boundingShape(f) }));
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
