import type { JoinedCommand } from "../../core/commands/JoinedCommands.js";
import type { JointTrajectory } from "./cdr/JointTrajectory.js";
import { fromSeconds, later } from "./cdr/Stamp.js";

/**
 * trajectory_msgs/JointTrajectory of a command: one point per knot, the first at the header's stamp. The stamp is in
 * the past when it arrives: joint_trajectory_controller then is where the points say, from the first update on,
 * whatever state it had or measured (`Trajectory::sample`).
 */
export function jointTrajectoryOf(
  { origin, since, knots }: JoinedCommand,
  jointNames: readonly string[],
): JointTrajectory {
  const points = knots.map(({ t, q, v, effort }) => ({
    positions: q,
    velocities: v,
    accelerations: [],
    effort: effort ?? [],
    timeFromStart: t,
  }));
  return { header: { stamp: later(fromSeconds(origin), since), frameId: "" }, jointNames, points };
}
