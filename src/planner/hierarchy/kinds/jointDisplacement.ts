import { JointDisplacement } from "../../../worldmodel/analytic/JointDisplacement.js";
import type { LevelKind } from "../LevelKind.js";

/** `model: joint_displacement` */
export const jointDisplacement: LevelKind = {
  describe: "each joint's way in dt, at mean velocities: way points on which no dynamics is spent",
  predictor: ({ dt, knots }, { arm, sweep, latency }) => new JointDisplacement(arm.limits, sweep, dt, knots, latency),
};
