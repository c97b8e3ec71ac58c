import { readFileSync } from "node:fs";
import type { RobotConfig } from "../../config/index.js";
import type { Arm, Urdf } from "../../kinematics/index.js";
import { withMeshPoints } from "../../kinematics/shapes/withMeshPoints.js";
import { armOfRobot } from "./armOfRobot.js";
import { armOptions } from "./armOptions.js";

/**
 * A robot's URDF with the points of its meshes, as simulators need it, its text, and the arm in it.
 * @param nameOrPath of the robot's file
 * @throws Error if the robot names no URDF; as `armOfRobot`
 */
export function loadDescription(
  nameOrPath: string,
  robot: RobotConfig,
): { readonly text: string; readonly urdf: Urdf; readonly arm: Arm } {
  if (robot.urdf === undefined)
    throw new Error(
      `robot ${robot.name}: got no urdf (it comes over robot_description), want a file: the simulator needs one`,
    );
  const text = readFileSync(robot.urdf, "utf8"),
    { urdf, arm } = armOfRobot(nameOrPath, robot, text);
  return { text, urdf: withMeshPoints(urdf, armOptions(robot).readMesh!), arm };
}
