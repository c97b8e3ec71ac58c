import { JointDisplacement } from "../../../worldmodel/analytic/JointDisplacement.js";
import type { LevelKind } from "../LevelKind.js";

/** `model: joint_displacement` */
export const jointDisplacement: LevelKind = {
  describe: "displacement of each joint in dt, at mean velocities; way points without dynamics",
  predictor: ({ dt, knots }, { arm, sweep, latency }) => new JointDisplacement(arm.limits, sweep, dt, knots, latency),
};
