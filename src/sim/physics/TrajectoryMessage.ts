import type { Seconds } from "../../core/Seconds.js";

/**
 * One point of a trajectory message. Empty arrays mean "not given". Each array is [n] in the order of the message's
 * names.
 */
export interface TrajectoryPoint {
  readonly positions: ArrayLike<number>; // rad
  readonly velocities: ArrayLike<number>; // rad/s
  readonly accelerations: ArrayLike<number>; // rad/s²
  readonly effort?: ArrayLike<number>; // N·m (N if prismatic), greatest; the arm's controller does not use it
  readonly timeFromStart: Seconds;
}

/** A command message: trajectory_msgs/JointTrajectory without its wire format. */
export interface TrajectoryMessage {
  readonly stamp?: Seconds; // on the controller's clock; absent: when it arrives (a message says so by a stamp of 0)
  readonly jointNames: readonly string[];
  readonly points: readonly TrajectoryPoint[];
}
