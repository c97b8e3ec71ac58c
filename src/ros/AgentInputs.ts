import rclnodejs from "rclnodejs";
import type { AgentPort } from "../agent/AgentPort.js";
import type { Body } from "../core/Body.js";
import type { Clock } from "../core/Clock.js";
import type { Seconds } from "../core/Seconds.js";
import { decodeBodyArray } from "./cdr/BodyArray.js";
import { decodeImage, type Image } from "./cdr/Image.js";
import { decodeJointState } from "./cdr/JointState.js";
import { decodeObjectArray } from "./cdr/ObjectArray.js";
import { toSeconds } from "./cdr/Stamp.js";
import { decodeWrenchStamped } from "./cdr/WrenchStamped.js";
import type { ManagedNode } from "./ManagedNode.js";
import { qualities } from "./qualities.js";

/** What came in on one topic. */
export interface InputCount {
  messages: number;
  malformed: number; // bytes that are no such message
  fault: string; // of the last malformed one
}

/**
 * The agent's subscriptions: serialised messages in, plain values to the port, which makes the ingress checks. Nothing is parsed into objects by rclnodejs:
 * that would take milliseconds of the main thread. All are best effort, which hears reliable publishers too, and of depth 1: rclnodejs takes one message a
 * wake, so a queue would only make what we read older.
 */
export class AgentInputs {
  readonly counts = new Map<string, InputCount>();
  /** Of joint states: how far the last stamp lay behind the clock; negative: ahead. */
  skew: Seconds = 0;
  /** What `bodies` last said, for the markers. */
  bodies: readonly Body[] = [];
  private readonly subscriptions: rclnodejs.Subscription[] = [];

  constructor(
    private readonly node: ManagedNode,
    port: AgentPort,
    clock: Clock,
    { cameras, forces }: { readonly cameras: readonly string[]; readonly forces: boolean },
  ) {
    this.listen("sensor_msgs/msg/JointState", "joint_states", (bytes) => {
      const m = decodeJointState(bytes);
      const stamp = toSeconds(m.header.stamp);
      this.skew = clock.now() - stamp;
      port.observeJoints({ stamp, names: m.name, positions: m.position, velocities: m.velocity });
    });
    this.listen("telos_interfaces/msg/BodyArray", "bodies", (bytes) => {
      const m = decodeBodyArray(bytes);
      const stamp = toSeconds(m.header.stamp);
      this.bodies = m.bodies.map((b) => ({ ...b, stamp }));
      port.observeBodies(stamp, this.bodies);
    });
    this.listen("telos_interfaces/msg/ObjectArray", "objects", (bytes) => {
      const m = decodeObjectArray(bytes);
      const stamp = toSeconds(m.header.stamp);
      port.observeObjects(stamp, m.objects.map((o) => ({ id: o.id, position: o.position, orientation: o.orientation, positionStd: o.positionStd, stamp })));
    });
    if (forces) {
      this.listen("geometry_msgs/msg/WrenchStamped", "wrench", (bytes) => {
        const m = decodeWrenchStamped(bytes);
        port.observeWrench(toSeconds(m.header.stamp), m.wrench);
      });
    }
    for (const camera of cameras) {
      this.listen("sensor_msgs/msg/Image", `${camera}/image_raw`, (bytes) => {
        const m = decodeImage(bytes);
        port.observeImage(camera, { stamp: toSeconds(m.header.stamp), width: m.width, height: m.height, data: rgb(m) });
      });
    }
  }

  destroy(): void {
    for (const subscription of this.subscriptions) this.node.destroySubscription(subscription);
    this.subscriptions.length = 0;
  }

  private listen(type: rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>, topic: string, take: (bytes: Uint8Array) => void): void {
    const count: InputCount = { messages: 0, malformed: 0, fault: "" };
    this.counts.set(topic, count);
    const subscription = this.node.createSubscription(type, topic, { isRaw: true, qos: qualities.sensor(1) }, (bytes: Buffer) => {
      try {
        take(bytes);
        count.messages++;
      } catch (error) {
        count.malformed++;
        count.fault = (error as Error).message;
      }
    });
    this.subscriptions.push(subscription);
  }
}

/** Rows of 8-bit RGB without gaps, as an own copy. @throws RangeError for an encoding or a size that does not fit */
function rgb({ encoding, width, height, step, data }: Image): Uint8Array {
  const swap = encoding === "bgr8";
  if (!swap && encoding !== "rgb8") throw new RangeError(`image encoding ${encoding.slice(0, 20)}, want rgb8 or bgr8`);
  if (!(step >= 3 * width && data.length >= step * height)) throw new RangeError(`image of ${data.length} bytes, want ${height} rows of at least ${3 * width} bytes`);
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) out.set(data.subarray(y * step, y * step + 3 * width), 3 * width * y);
  if (swap) for (let i = 0; i < out.length; i += 3) [out[i], out[i + 2]] = [out[i + 2], out[i]];
  return out;
}
