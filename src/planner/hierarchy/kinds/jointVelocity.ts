import { passableLimits } from "../../../guardrails/filter/passableLimits.js";
import { viableVelocities } from "../../../guardrails/filter/viableVelocities.js";
import { JointVelocity } from "../../../worldmodel/analytic/JointVelocity.js";
import type { LevelKind } from "../LevelKind.js";

/** `model: joint_velocity` */
export const jointVelocity: LevelKind = {
  describe: "each joint's velocity, within those from which it can still brake before its limits",
  predictor: ({ dt, knots }, { arm, sweep, latency }) =>
    new JointVelocity(passableLimits(arm.limits, dt), viableVelocities, sweep, dt, knots, latency),
};
