import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether this environment has control_msgs/action/FollowJointTrajectory. The package belongs to ros2_control, and not
 * every ROS 2 has it.
 */
export function hasControlMsgs(prefixes = process.env.AMENT_PREFIX_PATH ?? ""): boolean {
  return prefixes
    .split(":")
    .some(
      (prefix) =>
        prefix !== "" && existsSync(join(prefix, "share", "control_msgs", "action", "FollowJointTrajectory.action")),
    );
}
