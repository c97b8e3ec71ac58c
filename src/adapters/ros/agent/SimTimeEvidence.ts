import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { decodeClock } from "../cdr/Clock.js";
import { decodeJointState } from "../cdr/JointState.js";
import { toSeconds } from "../cdr/Stamp.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";

const APART: Seconds = 1; // by which stamps must be nearer to one clock than to the other

/** Who publishes, by full name, and the newest stamps heard; NaN: none yet. */
export interface HeardTimes {
  readonly clocks: readonly string[];
  readonly joints: readonly string[];
  readonly clock: Seconds; // of /clock
  readonly joint: Seconds; // of joint_states
  readonly system: Seconds; // when that came
}

/**
 * On which time an arm lives. Simulated time, if whoever publishes its joint states publishes /clock too, or if their
 * stamps are nearer to /clock than to the system's clock by more than a second; else the system's. Undefined while
 * nothing is known of one of them.
 */
export function timeOf({ clocks, joints, clock, joint, system }: HeardTimes): "simulated" | "system" | undefined {
  if (clocks.length === 0 || joints.length === 0) return undefined;
  if (joints.every((name) => clocks.includes(name))) return "simulated";
  if (Number.isNaN(clock + joint)) return undefined;
  return Math.abs(joint - clock) + APART < Math.abs(joint - system) ? "simulated" : "system";
}

/**
 * Listens to /clock and joint_states for `timeOf`: somebody's /clock is the time of an arm only where that arm lives on
 * it. Another's joint states, as a gripper's stamped 0, tell nothing of that.
 */
export class SimTimeEvidence {
  private clock = NaN;
  private joint = NaN;
  private system = NaN;
  private readonly subscriptions: rclnodejs.Subscription[];

  /** @param jointNames of the arm; of any while it is not known */
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
