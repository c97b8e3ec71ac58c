import { fromSeconds } from "../cdr/Stamp.js";
import type { JointTrajectory } from "../cdr/JointTrajectory.js";

const nowhere = { header: { stamp: { sec: 0, nanosec: 0 }, frame_id: "" }, joint_names: [], points: [] };

/**
 * A FollowJointTrajectory goal in rclnodejs' form. Tolerances are left to the controller: the guardrails, which use the
 * joint states, decide what is too far for us.
 */
export function trajectoryGoal({ header, jointNames, points }: JointTrajectory): object {
  return {
    trajectory: {
      header: { stamp: header.stamp, frame_id: header.frameId },
      joint_names: jointNames,
      points: points.map((p) => ({
        positions: p.positions,
        velocities: p.velocities,
        accelerations: p.accelerations,
        effort: p.effort,
        time_from_start: fromSeconds(p.timeFromStart),
      })),
    },
    multi_dof_trajectory: nowhere,
    path_tolerance: [],
    component_path_tolerance: [],
    goal_tolerance: [],
    component_goal_tolerance: [],
    goal_time_tolerance: { sec: 0, nanosec: 0 },
  };
}
