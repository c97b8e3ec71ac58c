import type { HandCommand } from "../../core/Hand.js";
import { jointsAt } from "../../kinematics/gripper/jointsAt.js";
import type { Gripper } from "../../kinematics/Gripper.js";
import type { JointTrajectory } from "./cdr/JointTrajectory.js";

const LEAST = 0.05; // s, of any motion of the hand
const STEP = 1e-4; // m, of the difference that gives the lever

/**
 * trajectory_msgs/JointTrajectory of a command to the hand: one point, at once, reached at the command's speed. The
 * efforts let the pads press with the command's force at most. By virtual work, of n driven joints that move together,
 *
 *     τ_j = F/n · ∂a/∂q_j,   a the aperture
 *
 * @param from aperture where the hand is, m
 */
export function handTrajectoryOf(
  gripper: Gripper,
  { aperture, speed, force }: HandCommand,
  from: number,
): JointTrajectory {
  const positions = jointsAt(gripper, aperture),
    last = gripper.apertures.length - 1,
    low = Math.max(gripper.apertures[0], Math.min(gripper.apertures[last] - STEP, aperture)),
    [a, b] = [jointsAt(gripper, low), jointsAt(gripper, low + STEP)];
  return {
    header: { stamp: { sec: 0, nanosec: 0 }, frameId: "" },
    jointNames: gripper.jointNames,
    points: [
      {
        positions,
        velocities: [],
        accelerations: [],
        effort: Array.from(positions, (_, j) => Math.abs((force / positions.length) * (STEP / (b[j] - a[j])))),
        timeFromStart: Math.max(LEAST, Math.abs(aperture - from) / speed),
      },
    ],
  };
}
