import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { decodeJointTrajectory, type JointTrajectory } from "../cdr/JointTrajectory.js";
import { drain } from "../drain.js";
import { qualities } from "../qualities.js";
import type { SimEpoch } from "./SimEpoch.js";
import type { SimNodeSettings } from "./SimNodeSettings.js";
import type { SimPort, SimTick, SimTruth } from "./SimPort.js";
import { TrajectoryActionServer } from "./TrajectoryActionServer.js";

const STILL = 0.01; // rad/s: joint_trajectory_controller's stopped_velocity_tolerance
const SHORTEST: Seconds = 0.02; // of a motion that brakes

/** Inputs of the simulated arm's controller: trajectories by topic, and by action if it offers one. */
export class SimInputs {
  private came = 0; // trajectories
  private truth: SimTruth | undefined; // of the last tick
  private readonly goals: TrajectoryActionServer | undefined;

  /** @param warn called with what cannot be accepted */
  constructor(
    node: rclnodejs.Node,
    private readonly port: Pick<SimPort<never>, "send" | "sendHand">,
    private readonly settings: SimNodeSettings<unknown>,
    private readonly epoch: SimEpoch,
    private readonly warn: (words: string) => void,
  ) {
    const { trajectoryTopic: topic, handTopic, trajectoryAction: action, jointNames } = settings;
    const type = "trajectory_msgs/msg/JointTrajectory",
      // Each command continues where the one before ends its step, so none may be skipped, and none may wait behind
      // others.
      options = { qos: qualities.reliable(10), isRaw: true };
    const trajectories = node.createSubscription(type, topic, options, (message: unknown) =>
      this.read(message as Buffer),
    );
    drain(node, trajectories, () => this.came);
    const take = (trajectory: JointTrajectory): void => this.take(trajectory);
    if (handTopic !== undefined)
      node.createSubscription(type, handTopic, options, (message: unknown) =>
        this.understand(message as Buffer, ({ header, ...m }) =>
          port.sendHand({ stamp: epoch.time(header.stamp), ...m }),
        ),
      );
    if (action !== undefined)
      this.goals = new TrajectoryActionServer(node, action, { jointNames, take, hold: () => this.hold() });
  }

  tick({ time, truth }: SimTick): void {
    this.truth = truth;
    const still = truth.v.every((v) => Math.abs(v) < STILL);
    this.goals?.see(this.epoch.stamp(time), still);
  }

  /** The arm refused the last trajectory. */
  refused(why: string): void {
    this.warn(`trajectory refused: ${why}`);
    this.goals?.refused(why);
  }

  /** Bytes that are no trajectory are reported and dropped: their sender must not stop the simulation. */
  private read(bytes: Buffer): void {
    this.came++;
    this.understand(bytes, (trajectory) => this.take(trajectory));
  }

  private understand(bytes: Buffer, take: (trajectory: JointTrajectory) => void): void {
    try {
      take(decodeJointTrajectory(bytes));
    } catch (error) {
      this.warn(`trajectory unreadable: ${(error as Error).message}`);
    }
  }

  private take({ header, jointNames, points }: JointTrajectory): void {
    this.port.send({ stamp: this.epoch.time(header.stamp), jointNames, points });
  }

  /**
   * Slows all joints down alike, none harder than it may, as joint_trajectory_controller does with
   * decelerate_on_cancel.
   */
  private hold(): void {
    if (this.truth === undefined) return;
    const { jointNames, acceleration } = this.settings;
    const { desiredQ: q, desiredV: v } = this.truth;
    const time = Math.max(SHORTEST, ...v.map((x, j) => Math.abs(x) / acceleration[j]));
    const rest = q.map((x, j) => x + 0.5 * v[j] * time);
    const point = (positions: Float64Array, velocities: Float64Array, timeFromStart: Seconds) => ({
      positions,
      velocities,
      accelerations: [],
      timeFromStart,
    });
    this.port.send({ jointNames, points: [point(q, v, 0), point(rest, new Float64Array(v.length), time)] });
  }
}
