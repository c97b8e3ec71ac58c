import { ofJoints, type RobotConfig } from "../../config/index.js";
import type { Arm } from "../../kinematics/index.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

// rad, or m, for a controller without a declared one
const EXPECTED = { ros2_control: 0.001, gazebo: 0.01 } as const;

/** A joint farther than this from its command is lost, [nq] rad (m if prismatic). */
export const trackingError = ({
  arm,
  robot,
}: {
  readonly arm: Pick<Arm, "kinds">;
  readonly robot: RobotConfig;
}): Float64Array => ofJoints(robot.tracking_error, slidesOf(arm));

/** Tracking error of the arm's controller, [nq] rad (m if prismatic). */
export function expectedTrackingError({
  arm,
  robot,
}: {
  readonly arm: Pick<Arm, "kinds">;
  readonly robot: RobotConfig;
}): Float64Array {
  const { expected_tracking_error: said, tracking_error: most, controller } = robot,
    usual = EXPECTED[controller.law];
  return ofJoints(
    {
      turning: said?.turning ?? Math.min(usual, most.turning),
      sliding: said?.sliding ?? Math.min(usual, most.sliding),
    },
    slidesOf(arm),
  );
}
