import { readFileSync } from "node:fs";
import type { RobotConfig } from "../config/index.js";
import { parseUrdf, type Arm, type Urdf } from "../kinematics/index.js";
import { withMeshPoints } from "../kinematics/withMeshPoints.js";
import { armOptions } from "./armOptions.js";
import { cachedArm } from "./cachedArm.js";

/** A robot's URDF with the points of its meshes, as simulators want it, its text, and the arm in it. @throws Error where the robot names no URDF; UrdfError */
export function describedArm(robot: RobotConfig): { readonly text: string; readonly urdf: Urdf; readonly arm: Arm } {
  if (robot.urdf === undefined) throw new Error(`robot ${robot.name}: got no urdf (it comes over robot_description), want a file: the simulator needs one`);
  const text = readFileSync(robot.urdf, "utf8"), options = armOptions(robot), urdf = parseUrdf(text);
  return { text, urdf: withMeshPoints(urdf, options.readMesh!), arm: cachedArm(urdf, options) };
}
