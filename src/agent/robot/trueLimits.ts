import type { JointLimits } from "../../core/JointLimits.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import { trackingError } from "./trackingError.js";

/** The limits of the robot itself, before the agent's allowances, with which a checker compares measured joints. */
export function trueLimits({ arm, robot }: Pick<AgentSetup, "arm" | "robot">): JointLimits {
  const error = trackingError({ arm, robot });
  const { lo, hi, velocity } = arm.limits;
  return {
    ...arm.limits,
    lo: lo.map((x, j) => x - error[j]),
    hi: hi.map((x, j) => x + error[j]),
    velocity: velocity.map((x) => x / robot.limits.velocity_scale),
  };
}
