import rclnodejs from "rclnodejs";
import type { JointLimits } from "../../../core/JointLimits.js";
import { decodeGroundTruth, type GroundTruth } from "../cdr/GroundTruth.js";
import { qualities } from "../qualities.js";

/**
 * Counts what must never happen, by the simulator's ground truth: contacts of the arm with anything but a movable
 * object, and joints beyond the robot's own limits. Each is counted when it begins. A node of its own: the agent does
 * not see the truth.
 */
export class Checker {
  violations = 0;
  readonly kinds = new Set<string>(); // what they were, in words
  private readonly node = new rclnodejs.Node("telos_judge");
  private ongoing = new Set<string>();

  /** @param limits the robot's, in the order of jointNames */
  constructor(
    private readonly jointNames: readonly string[],
    private readonly limits: JointLimits,
  ) {
    this.node.createSubscription(
      "telos_interfaces/msg/GroundTruth",
      "/telos_sim/ground_truth",
      { isRaw: true, qos: qualities.reliable(100) },
      (bytes: Buffer) => this.look(decodeGroundTruth(bytes)),
    );
    this.node.spin();
  }

  destroy(): void {
    this.node.destroy();
  }

  private look(truth: GroundTruth): void {
    const movable = new Set(truth.objects.map((o) => o.id));
    const now = new Set<string>();
    for (const { body1, body2 } of truth.contacts)
      if (!movable.has(body1) && !movable.has(body2)) now.add(`contact of ${body1} and ${body2}`);
    const { lo, hi, velocity } = this.limits;
    const { name, position, velocity: speed } = truth.jointState;
    this.jointNames.forEach((joint, j) => {
      const i = name.indexOf(joint);
      if (i < 0) return;
      if (position[i] < lo[j] || position[i] > hi[j]) now.add(`${joint} beyond its position limit`);
      if (Math.abs(speed[i]) > velocity[j]) now.add(`${joint} beyond its velocity limit`);
    });
    for (const kind of now) {
      if (this.ongoing.has(kind)) continue;
      this.violations++;
      this.kinds.add(kind);
    }
    this.ongoing = now;
  }
}
