import { Command, InvalidArgumentError, Option } from "commander";
import { loadDescription } from "../agent/robot/loadDescription.js";
import { loadSceneFor } from "../agent/setup/sceneFor.js";
import { slidesOf } from "../kinematics/slidesOf.js";
import { loadRobotConfig, loadSceneConfig } from "../config/index.js";
import { CONTROLLER_LAWS, type ControllerLaw } from "../sim/physics/JointTrajectoryController.js";
import { SimulationThread } from "../sim/thread/SimulationThread.js";
import { passGate } from "./passGate.js";

interface Options {
  readonly scene: string;
  readonly robot?: string;
  readonly seed: number;
  readonly speed: number;
  readonly objects: boolean;
  readonly camera: boolean;
  readonly controller: ControllerLaw;
  readonly gate: boolean;
}

/** `telos sim`: the simulator node. Runs until SIGINT or SIGTERM. */
export function simCommand(): Command {
  return new Command("sim")
    .description("start the simulator as a ROS 2 node: arm, controller, camera, objects and people of a scene")
    .option("--scene <name>", "scene in config/scenes, or the path of a YAML file", "table")
    .option("--robot <name>", "robot in config/robots, or the path of a YAML or URDF file (default: the scene's)")
    .option("--seed <n>", "seed of the scene's random draws", natural, 1)
    .option("--speed <x>", "simulated seconds per second, or max", pace, 1)
    .option("--objects", "publish noisy poses of the objects on `objects`", false)
    .option("--no-camera", "publish no images")
    .addOption(
      new Option(
        "--controller <law>",
        "release of ros2_control's joint_trajectory_controller to imitate: jazzy (and Kilted), rolling (6.8, 6.9), " +
          "master",
      )
        .choices(CONTROLLER_LAWS)
        .default("jazzy"),
    )
    .option("--headless", "accepted for scripts; the simulator never opens a window")
    .addOption(
      new Option("--gate", "begin with the first byte on stdin, and end with stdin: for a program that starts this one")
        .default(false)
        .hideHelp(),
    )
    .addHelpText(
      "after",
      "\nROS arguments (namespace, remappings) follow --ros-args; parameters given there take precedence over " +
        "the options.",
    )
    .action((options: Options) => run(options));
}

async function run(options: Options): Promise<void> {
  // Loaded here, so that `telos --help` needs neither ROS 2 nor MuJoCo.
  const [{ rosArguments }, { simParameters }] = await Promise.all([
    import("../adapters/ros/rosArguments.js"),
    import("../adapters/ros/sim/simParameters.js"),
  ]);
  const given = rosArguments(process.argv.slice(2));
  const { values, declare } = simParameters(
    given,
    { ...options, robot: options.robot ?? "", seed: BigInt(options.seed) },
    CONTROLLER_LAWS,
  );
  const { objects, camera, speed } = values,
    seed = Number(values.seed),
    law = values.controller as ControllerLaw;

  const asWritten = loadSceneConfig(values.scene);
  const robot = loadRobotConfig(values.robot || asWritten.robot);
  const { text, urdf, arm } = loadDescription(values.robot || asWritten.robot, robot);
  const scene = loadSceneFor(values.scene, robot.name, arm);

  const forces = robot.guardrails.contact_force !== undefined; // a robot that declares it has the sensor for it

  // The thread loads its physics while this one loads ROS 2.
  const thread = new SimulationThread(
    { urdf, arm, scene, seed, controller: { law } },
    { speed, sensors: { cameras: camera, objects, forces } },
  );
  const rclnodejs = (await import("rclnodejs")).default;
  const [{ SimNode }, { commandAction }] = await Promise.all([
    import("../adapters/ros/sim/SimNode.js"),
    import("../adapters/ros/commandTopic.js"),
  ]);
  rclnodejs.removeSignalHandlers();
  const signal = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
  });
  const gate = options.gate ? passGate() : undefined;
  const over = Promise.race([signal, thread.ended, ...(gate ? [gate.ended] : [])]);
  const open = gate === undefined || (await Promise.race([gate.passed.then(() => true), over.then(() => false)]));
  let node: { stop(): void } = thread;
  if (open) {
    await rclnodejs.init(undefined, ["telos", ...given.rcl]);
    const { controller } = robot;
    const action = controller.interface === "action" ? commandAction(controller) : undefined;
    const settings = {
      jointNames: arm.jointNames,
      base: arm.base,
      urdf: text,
      objects,
      forces,
      trajectoryTopic: controller.topic,
      handTopic: robot.gripper?.controller.topic,
      trajectoryAction: action,
      acceleration: arm.limits.acceleration,
      slides: slidesOf(arm),
    };
    node = new SimNode(thread, { ...settings, declare, loadScene: (name) => loadSceneFor(name, robot.name, arm) });
    const told = speed === Infinity ? "as fast as possible" : `speed ${speed}`;
    thread.begun.subscribe(() =>
      process.stdout.write(
        `telos_sim ready: scene ${scene.name}, robot ${robot.name} (${arm.nq} joints), seed ${seed}, ${told}\n`,
      ),
    );
    thread.begin();
  }
  const error = await over;
  node.stop();
  if (open) rclnodejs.shutdown();
  if (error) {
    process.stderr.write(`telos sim: ${error.message}\n`);
    process.exitCode = 1;
  }
  // rclnodejs leaves native handles behind that would keep the event loop alive.
  await Promise.race([thread.ended, new Promise((resolve) => setTimeout(resolve, 300))]);
  process.exit();
}

function natural(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 0) throw new InvalidArgumentError("want a whole number of at least 0");
  return n;
}

function pace(text: string): number {
  const x = text === "max" ? Infinity : Number(text);
  if (!(x > 0)) throw new InvalidArgumentError("want a number above 0, or max");
  return x;
}
