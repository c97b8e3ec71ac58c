import type { RobotConfig } from "../../config/index.js";
import type { ArmOptions } from "../../kinematics/index.js";
import { meshReader } from "./meshReader.js";

/** A robot's YAML as options of the kinematics. */
export function armOptions(robot: RobotConfig): ArmOptions {
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
    readMesh: meshReader(robot.urdf),
  };
}
