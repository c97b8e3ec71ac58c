import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { RobotConfig } from "../config/index.js";
import type { ArmOptions } from "../kinematics/index.js";

/** A robot's YAML in the words of the kinematics. Meshes are read where they lie beside the URDF, or in the share folder of the ROS package that they name. */
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
      const path = uri.replace(/^(package|file|model):\/\//, "");
      const shares = uri.startsWith("package://") ? (process.env.AMENT_PREFIX_PATH ?? "").split(":").filter(Boolean).map((prefix) => join(prefix, "share")) : [];
      const file = [...(folder === undefined ? [] : [folder]), ...shares, ...(isAbsolute(path) ? ["/"] : [])].map((place) => resolve(place, path)).find((place) => existsSync(place));
      return file === undefined ? undefined : readFileSync(file);
    },
  };
}
