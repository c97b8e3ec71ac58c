import type { HandCommand } from "../../core/Hand.js";
import { handPoint } from "../../kinematics/gripper/handPoint.js";
import type { GripperConfig } from "../../config/index.js";
import type { Gripper } from "../../kinematics/Gripper.js";
import type { JointTrajectory } from "./cdr/JointTrajectory.js";

/**
 * trajectory_msgs/JointTrajectory of a command to the hand: one point, at once, reached at the command's speed; its
 * efforts, if its controller takes any, let the pads press with the command's force at most.
 * @param from aperture where the hand is, m
 */
export function handTrajectoryOf(
  gripper: Gripper,
  command: HandCommand,
  from: number,
  { efforts }: Pick<GripperConfig["controller"], "efforts">,
): JointTrajectory {
  const point = handPoint(gripper, command, from);
  return {
    header: { stamp: { sec: 0, nanosec: 0 }, frameId: "" },
    jointNames: gripper.jointNames,
    points: [{ ...point, effort: efforts ? point.effort : [], velocities: [], accelerations: [] }],
  };
}
