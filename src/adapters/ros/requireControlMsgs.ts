import rclnodejs from "rclnodejs";
import { hasControlMsgs } from "./hasControlMsgs.js";

export const FOLLOW_JOINT_TRAJECTORY = "control_msgs/action/FollowJointTrajectory";

/**
 * rclnodejs' type of the action. Its typings know only the packages that the set-up found, so these declare what we use
 * of it.
 */
export interface FollowJointTrajectory {
  readonly Result: new () => { error_code: number; error_string: string };
  readonly impl: {
    readonly GoalStatusArray: new () => { deserialize(from: unknown): void };
    readonly SendGoalService: { readonly Request: (new () => SendGoal) & { destroyRawROS(message: SendGoal): void } };
  };
}
interface SendGoal {
  goal_id: { readonly uuid: Uint8Array };
  get goal(): { toPlainObject(typedArrays: boolean): object };
  set goal(goal: object);
  readonly refObject: unknown;
  toRawROS(): Buffer;
  deserialize(from: unknown): void;
}

/** The action, for a robot whose commands go as goals. @throws Error that says what to install */
export function requireControlMsgs(): FollowJointTrajectory {
  const distro = process.env.ROS_DISTRO ?? "<distro>";
  if (!hasControlMsgs()) {
    throw new Error(
      "the robot's controller.interface is action, and control_msgs is not in this ROS 2 environment: install " +
        `ros-${distro}-control-msgs (or source a workspace that has it), or take controller.interface: topic`,
    );
  }
  try {
    return rclnodejs.require(FOLLOW_JOINT_TRAJECTORY as never) as unknown as FollowJointTrajectory;
  } catch (error) {
    throw new Error(
      `control_msgs is there, but rclnodejs cannot use it: run npm run setup (${(error as Error).message})`,
    );
  }
}
