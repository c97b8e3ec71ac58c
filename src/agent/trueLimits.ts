import type { JointLimits } from "../core/JointLimits.js";
import type { AgentSetup } from "./AgentSetup.js";

/** The limits of the robot itself, before the agent's allowances: what a judge holds measured joints against. */
export function trueLimits({ arm, robot }: Pick<AgentSetup, "arm" | "robot">): JointLimits {
  const { lo, hi, velocity } = arm.limits;
  return { ...arm.limits, lo: lo.map((x) => x - robot.tracking_error), hi: hi.map((x) => x + robot.tracking_error), velocity: velocity.map((x) => x / robot.limits.velocity_scale) };
}
