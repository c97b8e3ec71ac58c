import type { GripperConfig, RobotConfig } from "../../config/index.js";
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
    ...(robot.gripper !== undefined && { gripper: gripperOptions(robot.gripper) }),
    readMesh: meshReader(robot.urdf),
  };
}

const gripperOptions = ({
  joints,
  open,
  closed,
  at,
  force,
  speed,
  pads,
}: GripperConfig): NonNullable<ArmOptions["gripper"]> => ({ joints, open, closed, at, force, speed, pads });
