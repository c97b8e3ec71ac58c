import rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import type { JointTrajectory } from "../cdr/JointTrajectory.js";
import { between, toSeconds, type Stamp } from "../cdr/Stamp.js";
import { FOLLOW_JOINT_TRAJECTORY, requireControlMsgs, type FollowJointTrajectory } from "../requireControlMsgs.js";
import { trajectoryErrors } from "./trajectoryErrors.js";
import { warmGoals } from "../agent/warmGoals.js";

/** The arm behind the server. */
export interface TrajectoryTaker {
  readonly jointNames: readonly string[];
  take(trajectory: JointTrajectory): void;
  hold(): void; // drops the present trajectory, and comes to rest
}

/** What we use of a goal's handle; rclnodejs's typings need the action's types, which not every environment has. */
interface Handle {
  readonly isActive: boolean;
  execute(): void;
  succeed(): void;
  abort(): void;
  canceled(): void;
}
interface RosTrajectory {
  readonly header: { readonly stamp: Stamp; readonly frame_id: string };
  readonly joint_names: readonly string[];
  readonly points: readonly {
    readonly positions: ArrayLike<number>;
    readonly velocities: ArrayLike<number>;
    readonly accelerations: ArrayLike<number>;
    readonly time_from_start: Stamp;
  }[];
}
type End = readonly [how: "succeed" | "abort" | "canceled", code: number, words: string];

const KEPT: Seconds = 10; // of a goal after its end, as in rcl's servers

/**
 * control_msgs/action/FollowJointTrajectory as joint_trajectory_controller offers it beside its topic. A goal is
 * rejected for joints that it does not have or times that do not rise. A new goal pre-empts the one before, which ends
 * as aborted with INVALID_GOAL. Cancelling holds. A goal succeeds at its end, if the arm is there.
 */
export class TrajectoryActionServer {
  private readonly action: FollowJointTrajectory;
  private readonly server: { destroy(): void };
  private readonly ends = new Map<Handle, (end: End) => void>();
  private offered!: RosTrajectory; // the goal in question; an accepted one begins before the next is asked for
  private newest: Handle | undefined;
  private now: Stamp = { sec: 0, nanosec: 0 };
  private due: readonly [since: Stamp, after: Seconds] = [this.now, 0]; // the newest goal's end

  /** @throws Error if control_msgs is not in the environment */
  constructor(
    node: rclnodejs.Node,
    name: string,
    private readonly arm: TrajectoryTaker,
  ) {
    this.action = requireControlMsgs();
    warmGoals(this.action);
    const ActionServer = rclnodejs.ActionServer as unknown as new (...args: unknown[]) => { destroy(): void };
    const { ACCEPT, REJECT } = rclnodejs.GoalResponse;
    this.server = new ActionServer(
      node,
      FOLLOW_JOINT_TRAJECTORY,
      name,
      (goal: Handle) => this.execute(goal),
      ({ trajectory }: { readonly trajectory: RosTrajectory }) =>
        this.accepts((this.offered = trajectory)) ? ACCEPT : REJECT,
      (goal: Handle) => goal.execute(),
      (goal: Handle) => this.cancel(goal),
      { resultTimeout: KEPT },
    );
  }

  /** The present time, and whether the arm rests: after its end a goal has then succeeded. */
  see(now: Stamp, still: boolean): void {
    this.now = now;
    const [since, after] = this.due;
    if (still && between(now, since) >= after)
      this.end(this.newest, ["succeed", trajectoryErrors.SUCCESSFUL, "Goal successfully reached!"]);
  }

  /** The arm refused the newest goal. */
  refused(why: string): void {
    this.end(this.newest, ["abort", trajectoryErrors.INVALID_GOAL, why]);
  }

  destroy(): void {
    this.server.destroy();
  }

  private accepts({ joint_names: names, points }: RosTrajectory): boolean {
    const times = points.map((p) => toSeconds(p.time_from_start));
    return (
      points.length > 0 &&
      names.length > 0 &&
      names.every((n) => this.arm.jointNames.includes(n)) &&
      times.every((t, i) => i === 0 || t > times[i - 1])
    );
  }

  private async execute(goal: Handle): Promise<object> {
    const { header, joint_names: jointNames, points } = this.offered;
    const ended = new Promise<End>((resolve) => this.ends.set(goal, resolve));
    this.end(this.newest, ["abort", trajectoryErrors.INVALID_GOAL, "Current goal preempted by new incoming action."]);
    this.newest = goal;
    this.due = [
      header.stamp.sec === 0 && header.stamp.nanosec === 0 ? this.now : header.stamp,
      toSeconds(points[points.length - 1].time_from_start),
    ];
    const rows = points.map((p) => ({
      positions: Array.from(p.positions),
      velocities: Array.from(p.velocities),
      accelerations: Array.from(p.accelerations),
      effort: [],
      timeFromStart: toSeconds(p.time_from_start),
    }));
    this.arm.take({ header: { stamp: header.stamp, frameId: header.frame_id }, jointNames, points: rows });
    const [how, code, words] = await ended;
    if (goal.isActive) goal[how]();
    return Object.assign(new this.action.Result(), { error_code: code, error_string: words });
  }

  /** A goal's state changes in a separate turn: rclnodejs marks it as canceling only after our consent. */
  private cancel(goal: Handle): rclnodejs.CancelResponse {
    if (goal === this.newest) this.arm.hold();
    setImmediate(() => this.end(goal, ["canceled", trajectoryErrors.SUCCESSFUL, ""]));
    return rclnodejs.CancelResponse.ACCEPT;
  }

  private end(goal: Handle | undefined, end: End): void {
    if (goal === undefined) return;
    this.ends.get(goal)?.(end);
    this.ends.delete(goal);
    if (goal === this.newest) this.newest = undefined;
  }
}
