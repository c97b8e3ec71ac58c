import { stringify } from "yaml";
import type { RobotConfig } from "../config/index.js";
import type { Arm } from "../kinematics/index.js";

/**
 * Parameters of ros2_control for an arm. The agent sends a new trajectory every 10 ms, which begins with the trajectory
 * in force and ends at rest. The controller must take it unchanged when it arrives, move from its own desired state to
 * the first point, and hold the last one. Source: the parameters of joint_trajectory_controller (ros2_controllers);
 * docs/safety/bounds.md, "Which bounds hold under which controllers".
 */
export function controllersYaml(
  robot: RobotConfig,
  arm: Arm,
  { simTime, gazebo }: { readonly simTime: boolean; readonly gazebo: boolean },
): string {
  const controller = robot.controller.topic.split("/").at(-2) ?? "joint_trajectory_controller";
  const time = { use_sim_time: simTime },
    hand = handOf(robot);
  const parameters = {
    controller_manager: {
      ros__parameters: {
        ...time,
        update_rate: Math.round(1 / robot.controller.period),
        joint_state_broadcaster: { type: "joint_state_broadcaster/JointStateBroadcaster" },
        [controller]: { type: "joint_trajectory_controller/JointTrajectoryController" },
        ...(hand && { [hand]: { type: "joint_trajectory_controller/JointTrajectoryController" } }),
      },
    },
    [controller]: {
      ros__parameters: {
        ...time,
        joints: [...arm.jointNames],
        command_interfaces: ["position"],
        state_interfaces: ["position", "velocity"],
        allow_partial_joints_goal: false,
        allow_nonzero_velocity_at_trajectory_end: false,
        interpolate_from_desired_state: true,
        allow_trajectory_replacement: false,
        cmd_timeout: 0,
      },
    },
    ...(hand && {
      [hand]: {
        ros__parameters: {
          ...time,
          joints: [...robot.gripper!.joints],
          command_interfaces: ["position"],
          state_interfaces: ["position", "velocity"],
        },
      },
    }),
    ...(gazebo && { gz_ros_control: { ros__parameters: { position_proportional_gain: 1.0 } } }),
  };
  const head =
    `# ${robot.name}: written by \`telos export controllers\`. Releases before 6.8 do not know ` +
    `allow_trajectory_replacement; they behave as with this value.\n`;
  return (
    head +
    stringify(parameters, { lineWidth: 150 }).replace(/(position_proportional_gain|cmd_timeout): (\d+)$/gm, "$1: $2.0")
  );
}

/** The name of the hand's joint_trajectory_controller, if it has one of its own. */
function handOf({ gripper, controller }: RobotConfig): string | undefined {
  if (gripper === undefined || gripper.controller.interface !== "joint_trajectory") return undefined;
  const name = gripper.controller.topic.split("/").at(-2);
  return name === controller.topic.split("/").at(-2) ? undefined : name;
}
