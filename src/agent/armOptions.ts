import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { RobotConfig } from "../config/index.js";
import type { ArmOptions } from "../kinematics/index.js";

/** A robot's YAML in the words of the kinematics. Meshes are read where they lie beside the URDF. */
export function armOptions(robot: RobotConfig): ArmOptions {
  const folder = robot.urdf === undefined ? undefined : dirname(robot.urdf);
  return {
    base: robot.base,
    tool: robot.tool,
    toolOffset: robot.tool_offset,
    joints: robot.joints,
    home: robot.home,
    limits: robot.limits.joints,
    velocityScale: robot.limits.velocity_scale,
    acceleration: robot.limits.acceleration,
    jerk: robot.limits.jerk,
    capsules: robot.capsules,
    ignorePairs: robot.self_collision.ignore,
    readMesh: (uri) => {
      if (folder === undefined) return undefined;
      const file = resolve(folder, uri.replace(/^(package|file|model):\/\//, ""));
      return existsSync(file) ? readFileSync(file) : undefined;
    },
  };
}
