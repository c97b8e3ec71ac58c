import { passableLimits } from "../../../guardrails/filter/passableLimits.js";
import { viableVelocities } from "../../../guardrails/filter/viableVelocities.js";
import { JointVelocity } from "../../../worldmodel/analytic/JointVelocity.js";
import type { LevelKind } from "../LevelKind.js";

/** `model: joint_velocity` */
export const jointVelocity: LevelKind = {
  describe: "velocity of each joint, within the viable set, from which it can brake before its limits",
  predictor: ({ dt, knots }, { arm, sweep, latency }) =>
    new JointVelocity(passableLimits(arm.limits, dt), viableVelocities, sweep, dt, knots, latency),
};
