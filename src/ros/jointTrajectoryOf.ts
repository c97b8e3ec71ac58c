import type { Command } from "../core/Command.js";
import type { JointTrajectory } from "./cdr/JointTrajectory.js";
import { fromSeconds } from "./cdr/Stamp.js";

/**
 * trajectory_msgs/JointTrajectory of a command: one point a knot, at i·dt from the header's stamp.
 *
 * Knot 0 stays as the point with time_from_start 0 at the header's stamp: joint_trajectory_controller takes a first point at 0, and so interpolates from
 * `stamp` on exactly what was verified; before `stamp` it goes from where it is to knot 0, which is the state it is commanded for that instant anyway.
 */
export function jointTrajectoryOf({ stamp, dt, N, nq, q, v }: Command, jointNames: readonly string[]): JointTrajectory {
  const points = Array.from({ length: N }, (_, i) => ({
    positions: q.subarray(i * nq, (i + 1) * nq),
    velocities: v.subarray(i * nq, (i + 1) * nq),
    accelerations: [],
    effort: [],
    timeFromStart: i * dt,
  }));
  return { header: { stamp: fromSeconds(stamp), frameId: "" }, jointNames, points };
}
