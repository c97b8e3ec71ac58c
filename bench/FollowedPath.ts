import type rclnodejs from "rclnodejs";
import type { Seconds } from "../src/core/Seconds.js";
import { decodeJointState } from "../src/adapters/ros/cdr/JointState.js";
import { decodeJointTrajectory, type JointTrajectory } from "../src/adapters/ros/cdr/JointTrajectory.js";
import { toSeconds } from "../src/adapters/ros/cdr/Stamp.js";
import { qualities } from "../src/adapters/ros/qualities.js";

const KEPT: Seconds = 1; // of commands
const LATE: Seconds = 0.05; // joint states are evaluated once the commands of their time must have come

/**
 * What an arm does by its own joint states, against the commands as they were sent: each says of a time where the arm
 * shall be then, and the newest that had begun holds.
 */
export class FollowedPath {
  readonly errors: number[] = []; // rad, each joint at each state while something was commanded
  velocity = 0; // greatest, of the limit
  states = 0;
  images = 0;
  now: Seconds = NaN; // stamp of the newest joint state
  private late = 0; // Σ e·v, e = commanded − measured
  private fast = 0; // Σ v²
  private readonly commands: JointTrajectory[] = [];
  private readonly waiting: { readonly stamp: Seconds; readonly q: readonly number[] }[] = [];
  private begun = false;

  constructor(
    node: rclnodejs.Node,
    private readonly jointNames: readonly string[],
    limits: Float64Array,
    cameras: readonly string[],
  ) {
    const listen = (type: string, topic: string, take: (bytes: Buffer) => void): void =>
      void node.createSubscription(
        type as "sensor_msgs/msg/Image",
        topic,
        { isRaw: true, qos: qualities.sensor(100) },
        take as never,
      );
    listen("sensor_msgs/msg/JointState", "joint_states", (bytes) => {
      const m = decodeJointState(bytes),
        at = jointNames.map((name) => m.name.indexOf(name));
      this.states++;
      this.now = toSeconds(m.header.stamp);
      if (!this.begun || at.includes(-1)) return;
      at.forEach((i, j) => (this.velocity = Math.max(this.velocity, Math.abs(m.velocity[i]) / limits[j])));
      this.waiting.push({ stamp: this.now, q: at.map((i) => m.position[i]) });
      while (this.waiting.length > 0 && this.waiting[0].stamp < this.now - LATE) this.evaluate(this.waiting.shift()!);
    });
    listen("trajectory_msgs/msg/JointTrajectory", "joint_trajectory_controller/joint_trajectory", (bytes) => {
      this.commands.push(decodeJointTrajectory(bytes));
      while (this.commands.length > 1 && toSeconds(this.commands[1].header.stamp) < this.now - KEPT)
        this.commands.shift();
    });
    for (const camera of cameras)
      listen("sensor_msgs/msg/Image", `${camera}/image_raw`, () => this.begun && this.images++);
  }

  /**
   * By how much the arm is behind what it was sent, by least squares of e = lag·v: what is to be added to
   * `controller.transport`.
   */
  get lag(): Seconds {
    return this.late / this.fast;
  }

  /** From here on it counts. */
  begin(): void {
    this.begun = true;
  }

  private evaluate({ stamp, q }: { readonly stamp: Seconds; readonly q: readonly number[] }): void {
    const c = this.commands.findLast((m) => toSeconds(m.header.stamp) <= stamp);
    if (c === undefined) return;
    const t = stamp - toSeconds(c.header.stamp),
      k = c.points.findIndex((p) => p.timeFromStart > t),
      order = this.jointNames.map((name) => c.jointNames.indexOf(name));
    const to = c.points.at(k)!,
      from = k > 0 ? c.points[k - 1] : to,
      dt = to.timeFromStart - from.timeFromStart,
      s = dt > 0 ? (t - from.timeFromStart) / dt : 1;
    order.forEach((i, j) => {
      // A cubic Hermite between the points.
      const d = to.positions[i] - from.positions[i],
        v0 = from.velocities[i] * dt,
        v1 = to.velocities[i] * dt;
      const e = from.positions[i] + s * (v0 + s * (3 * d - 2 * v0 - v1 + s * (v0 + v1 - 2 * d))) - q[j],
        v = from.velocities[i];
      this.errors.push(Math.abs(e));
      this.late += e * v;
      this.fast += v * v;
    });
  }
}
