import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { decodeClock } from "../cdr/Clock.js";
import { decodeJointState } from "../cdr/JointState.js";
import { toSeconds } from "../cdr/Stamp.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";

const APART: Seconds = 1; // stamps must be nearer to one clock than to the other by this

/** Publishers by full name, and the newest stamps; NaN: none yet. */
export interface HeardTimes {
  readonly clocks: readonly string[];
  readonly joints: readonly string[];
  readonly clock: Seconds; // of /clock
  readonly joint: Seconds; // of joint_states
  readonly system: Seconds; // when that came
}

/**
 * The time that an arm is stamped by. Simulated time, if a publisher of its joint states publishes /clock too, or if
 * their stamps are nearer to /clock than to the system's clock by more than a second; else the system's. Undefined
 * while one of them is unknown.
 */
export function timeOf({ clocks, joints, clock, joint, system }: HeardTimes): "simulated" | "system" | undefined {
  if (clocks.length === 0 || joints.length === 0) return undefined;
  if (joints.every((name) => clocks.includes(name))) return "simulated";
  if (Number.isNaN(clock + joint)) return undefined;
  return Math.abs(joint - clock) + APART < Math.abs(joint - system) ? "simulated" : "system";
}

/**
 * Subscribes to /clock and joint_states for `timeOf`: a /clock is the time of an arm only if the arm's joint states are
 * stamped by it. Joint states of another device, such as a gripper's stamped 0, are no evidence.
 */
export class SimTimeEvidence {
  private clock = NaN;
  private joint = NaN;
  private system = NaN;
  private readonly subscriptions: rclnodejs.Subscription[];

  /** @param jointNames of the arm; undefined: any joints count */
  constructor(
    private readonly node: ManagedNode,
    jointNames: readonly string[] | undefined,
  ) {
    this.subscriptions = [
      node.createSubscription(
        "rosgraph_msgs/msg/Clock",
        "/clock",
        { isRaw: true, qos: qualities.sensor(1) },
        (bytes: Buffer) => {
          this.clock = toSeconds(decodeClock(bytes));
        },
      ),
      node.createSubscription(
        "sensor_msgs/msg/JointState",
        "joint_states",
        { isRaw: true, qos: qualities.sensor(32) },
        (bytes: Buffer) => {
          const { header, name } = decodeJointState(bytes);
          if (jointNames !== undefined && !name.some((joint) => jointNames.includes(joint))) return;
          this.joint = toSeconds(header.stamp);
          this.system = Date.now() / 1e3;
        },
      ),
    ];
  }

  verdict(): "simulated" | "system" | undefined {
    const { clock, joint, system } = this;
    return timeOf({ clocks: this.publishers("/clock"), joints: this.publishers("joint_states"), clock, joint, system });
  }

  destroy(): void {
    for (const subscription of this.subscriptions) this.node.destroySubscription(subscription);
  }

  private publishers(topic: string): string[] {
    const infos = this.node.getPublishersInfoByTopic(this.node.resolveTopicName(topic), false) as {
      node_name: string;
      node_namespace: string;
    }[];
    return infos.map(({ node_name, node_namespace }) => `${node_namespace}/${node_name}`);
  }
}
