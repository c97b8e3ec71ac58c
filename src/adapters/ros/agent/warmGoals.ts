import type { JointTrajectory } from "../cdr/JointTrajectory.js";
import type { FollowJointTrajectory } from "../requireControlMsgs.js";
import { trajectoryGoal } from "../sim/trajectoryGoal.js";

const TIMES = 10;

/**
 * Writes and reads some goals that are not sent: the first of a process takes longer than a command is sent ahead.
 */
export function warmGoals({ impl }: FollowJointTrajectory): void {
  const { Request } = impl.SendGoalService;
  const point = { positions: [0], velocities: [0], accelerations: [], effort: [] };
  const trajectory: JointTrajectory = {
    header: { stamp: { sec: 0, nanosec: 0 }, frameId: "" },
    jointNames: ["joint"],
    points: [0, 1].map((timeFromStart) => ({ ...point, timeFromStart })),
  };
  for (let i = 0; i < TIMES; i++) {
    const written = new Request(),
      read = new Request();
    written.goal_id = { uuid: new Uint8Array(16) };
    written.goal = trajectoryGoal(trajectory);
    written.toRawROS(); // in its own memory, as in a received message
    read.deserialize(written.refObject);
    read.goal.toPlainObject(true);
    Request.destroyRawROS(written);
  }
}
