import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { natural } from "./natural.js";

interface ExportOptions {
  readonly robot?: string;
  readonly scene?: string;
  readonly seed: number;
  readonly control: "gazebo" | "ros2_control";
  readonly simTime: boolean;
  readonly out?: string;
}

const HELP = `
  sdf          the scene with its arm as a world for Gazebo; with --control ros2_control and --out also controllers.yaml beside it
  urdf         the robot's description; with --control ros2_control and its hardware in Gazebo
  controllers  parameters of a ros2_control controller_manager for this arm: joint_state_broadcaster and joint_trajectory_controller
  frame        the name of the arm's base, in which all poses are told: what RViz fixes

Examples:
  telos export sdf --scene pucks --out world.sdf
  telos export controllers --robot ur5 --out controllers.yaml
`;

/** `telos export`: what is known of robot and scene, in the formats of other programs. Needs no ROS. */
export function exportCommand(): Command {
  return new Command("export")
    .description("write robot and scene for other programs: a Gazebo world, a URDF, controllers' parameters")
    .addArgument(new Argument("<what>", "what to write").choices(["sdf", "urdf", "controllers", "frame"]))
    .option("--robot <name or file>", "robot in config/robots, or a YAML or URDF file (default: the scene's, or arm7)")
    .option("--scene <name or file>", "scene in config/scenes, or a YAML file (default for sdf: table)")
    .option("--seed <n>", "seed of the scene's random draws", natural, 1)
    .addOption(new Option("--control <by>", "who moves the arm in Gazebo").choices(["gazebo", "ros2_control"]).default("gazebo"))
    .option("--sim-time", "controllers: take the time from /clock", false)
    .option("--out <file>", "file to write (default: stdout)")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(what: string, options: ExportOptions): Promise<void> {
  const [{ armOfRobot }, { drawScene, loadRobotConfig, loadSceneConfig }, { Rng }, { controllersYaml }, { withRos2Control }] = await Promise.all([
    import("../agent/armOfRobot.js"),
    import("../config/index.js"),
    import("../core/Rng.js"),
    import("./controllersYaml.js"),
    import("./withRos2Control.js"),
  ]);
  const sceneName = options.scene || (what === "sdf" ? "table" : undefined);
  const scene = sceneName === undefined ? undefined : drawScene(loadSceneConfig(sceneName), new Rng(options.seed));
  const robot = loadRobotConfig(options.robot || (scene?.robot ?? "arm7"));
  if (robot.urdf === undefined) throw new Error(`robot ${robot.name} names no URDF: its description comes over robot_description, from its own driver`);
  const text = readFileSync(robot.urdf, "utf8");
  const { urdf, arm } = armOfRobot(options.robot || (scene?.robot ?? "arm7"), robot, text);
  const own = scene?.start !== undefined && loadRobotConfig(scene.robot).name === robot.name ? scene.start : undefined; // another robot has other joints
  const start = own ?? Array.from(arm.home);
  const ros2Control = options.control === "ros2_control";
  const write = (content: string, file = options.out): void => {
    if (file === undefined) process.stdout.write(content);
    else writeFileSync(file, content);
  };
  switch (what) {
    case "urdf":
      return write(ros2Control ? withRos2Control(text, arm.jointNames, start) : text);
    case "frame":
      return write(arm.base);
    case "controllers":
      return write(controllersYaml(robot, arm, { simTime: options.simTime, gazebo: false }));
    default: {
      const { buildSdf } = await import("../sim/buildSdf.js");
      const controllers = join(dirname(resolve(options.out ?? "world.sdf")), "controllers.yaml");
      write(buildSdf(urdf, arm, { ...scene!, start }, ros2Control ? { kind: "ros2_control", controllers } : { kind: "gazebo" }));
      if (ros2Control && options.out !== undefined) write(controllersYaml(robot, arm, { simTime: true, gazebo: true }), controllers);
    }
  }
}
