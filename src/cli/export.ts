import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { wholeNumber } from "./wholeNumber.js";

interface ExportOptions {
  readonly robot?: string;
  readonly scene?: string;
  readonly seed: number;
  readonly control: "gazebo" | "ros2_control";
  readonly simTime: boolean;
  readonly out?: string;
}

const HELP = `
  sdf          the scene with its arm as a world for Gazebo; with --out also bridge.yaml beside it, with --control
               ros2_control also controllers.yaml
  urdf         the robot's description; with --scene also the optical frames of its cameras, with --control ros2_control
               and its hardware in Gazebo
  bridge       parameters of ros_gz_bridge for that world
  controllers  parameters of a ros2_control controller_manager for this arm: joint_state_broadcaster and
               joint_trajectory_controller
  frame        the name of the arm's base frame, in which all poses are given: the fixed frame of RViz

Examples:
  telos export sdf --scene pucks --out world.sdf
  telos export controllers --robot ur5 --out controllers.yaml
`;

/** `telos export`: writes robot and scene in the formats of other programs. Needs no ROS. */
export function exportCommand(): Command {
  return new Command("export")
    .description(
      "write robot and scene for other programs: a Gazebo world, a URDF, parameters of controllers and of the bridge",
    )
    .addArgument(new Argument("<what>", "what to write").choices(["sdf", "urdf", "bridge", "controllers", "frame"]))
    .option("--robot <name or file>", "robot in config/robots, or a YAML or URDF file (default: the scene's, or arm7)")
    .option("--scene <name or file>", "scene in config/scenes, or a YAML file (default for sdf and bridge: table)")
    .option("--seed <n>", "seed of the scene's random draws", wholeNumber, 1)
    .addOption(
      new Option("--control <by>", "who moves the arm in Gazebo").choices(["gazebo", "ros2_control"]).default("gazebo"),
    )
    .option("--sim-time", "controllers: take the time from /clock", false)
    .option("--out <file>", "file to write (default: stdout)")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(what: string, options: ExportOptions): Promise<void> {
  const [
    { armOfRobot },
    { meshFinder },
    { withMeshFiles },
    { drawScene, loadRobotConfig, loadSceneConfig },
    { Rng },
    { bridgeYaml },
    { controllersYaml },
    { withCameras },
    { withRos2Control },
    { loadSceneFor },
  ] = await Promise.all([
    import("../agent/robot/armOfRobot.js"),
    import("../agent/robot/meshReader.js"),
    import("../kinematics/shapes/withMeshPoints.js"),
    import("../config/index.js"),
    import("../core/math/Rng.js"),
    import("./bridgeYaml.js"),
    import("./controllersYaml.js"),
    import("./withCameras.js"),
    import("./withRos2Control.js"),
    import("../agent/setup/sceneFor.js"),
  ]);
  const sceneName = options.scene || (what === "sdf" || what === "bridge" ? "table" : undefined);
  const asWritten = sceneName === undefined ? undefined : loadSceneConfig(sceneName);
  const robot = loadRobotConfig(options.robot || (asWritten?.robot ?? "arm7"));
  if (robot.urdf === undefined)
    throw new Error(
      `robot ${robot.name}: got no urdf (its driver publishes it on robot_description), want a robot with a URDF file`,
    );
  const text = readFileSync(robot.urdf, "utf8");
  const { urdf, arm } = armOfRobot(options.robot || (asWritten?.robot ?? "arm7"), robot, text);
  const scene =
    sceneName === undefined ? undefined : drawScene(loadSceneFor(sceneName, robot.name, arm), new Rng(options.seed));
  const start = scene?.start ?? Array.from(arm.home);
  const ros2Control = options.control === "ros2_control";
  const write = (content: string, file = options.out): void => {
    if (file === undefined) process.stdout.write(content);
    else writeFileSync(file, content);
  };
  switch (what) {
    case "urdf": {
      const seen = scene === undefined ? text : withCameras(text, arm.base, scene);
      return write(ros2Control ? withRos2Control(seen, arm.jointNames, start) : seen);
    }
    case "bridge":
      return write(bridgeYaml(scene!, options.control, robot.controller.topic));
    case "frame":
      return write(arm.base);
    case "controllers":
      return write(controllersYaml(robot, arm, { simTime: options.simTime, gazebo: false }));
    default: {
      const { buildSdf } = await import("../sim/export/buildSdf.js");
      const controllers = join(dirname(resolve(options.out ?? "world.sdf")), "controllers.yaml");
      write(
        buildSdf(
          withMeshFiles(urdf, meshFinder(robot.urdf)),
          arm,
          { ...scene!, start },
          ros2Control ? { kind: "ros2_control", controllers } : { kind: "gazebo" },
        ),
      );
      if (options.out === undefined) return;
      write(bridgeYaml(scene!, options.control, robot.controller.topic), join(dirname(controllers), "bridge.yaml"));
      if (ros2Control) write(controllersYaml(robot, arm, { simTime: true, gazebo: true }), controllers);
    }
  }
}
