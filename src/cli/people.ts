import { Command } from "commander";
import type { SceneConfig } from "../config/SceneConfig.js";
import type { Person } from "../adapters/ros/sim/PeopleNode.js";

const STEP = 0.01; // s, between the points of a path

/** `telos people`: the people and movers of a scene in Gazebo, until SIGINT or SIGTERM. */
export function peopleCommand(): Command {
  return new Command("people")
    .description("move the people of a scene in Gazebo, and publish their positions on `bodies`")
    .option("--scene <name or file>", "scene in config/scenes, or a YAML file", "table")
    .option("--robot <name or file>", "robot whose base frame is used (default: the scene's)")
    .addHelpText("after", "\nROS arguments (namespace, remappings) follow --ros-args.")
    .action(run);
}

/** The scene's people in the format of the node. */
export async function peopleOf(scene: SceneConfig): Promise<Person[]> {
  const [{ Mover }, { moverJoints }] = await Promise.all([
    import("../sim/physics/Mover.js"),
    import("../sim/export/moverSdf.js"),
  ]);
  return scene.bodies.map((body) => {
    const mover = new Mover(body),
      [x, y, z] = mover.position,
      parts = mover.capsules(0);
    const path = Array.from(
      { length: body.path.length === 0 ? 0 : 1 + Math.ceil(body.path.at(-1)!.at / STEP) },
      (_, k) => {
        mover.progress = k * STEP;
        return { t: k * STEP, offset: [mover.position[0] - x, mover.position[1] - y, mover.position[2] - z] as const };
      },
    );
    return { id: body.id, parts, joints: path.length === 0 ? [] : moverJoints(body.id), path };
  });
}

async function run({ scene: name, robot }: { readonly scene: string; readonly robot?: string }): Promise<void> {
  const [{ loadRobotConfig, loadSceneConfig }, { loadDescription }, { rosArguments }] = await Promise.all([
    import("../config/index.js"),
    import("../agent/robot/loadDescription.js"),
    import("../adapters/ros/rosArguments.js"),
  ]);
  const given = rosArguments(process.argv.slice(2)),
    scene = loadSceneConfig(name),
    chosen = robot || scene.robot;
  const { arm } = loadDescription(chosen, loadRobotConfig(chosen)),
    people = await peopleOf(scene);
  const rclnodejs = (await import("rclnodejs")).default,
    { PeopleNode } = await import("../adapters/ros/sim/PeopleNode.js");
  rclnodejs.removeSignalHandlers();
  await rclnodejs.init(undefined, ["telos", ...given.rcl]);
  const node = new PeopleNode(people, arm.base);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      node.stop();
      rclnodejs.shutdown();
      process.exit();
    });
}
