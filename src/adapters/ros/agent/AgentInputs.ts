import type rclnodejs from "rclnodejs";
import type { AgentPort } from "../../../agent/AgentPort.js";
import type { Body } from "../../../core/Body.js";
import type { Clock } from "../../../core/time/Clock.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import type { Seconds } from "../../../core/Seconds.js";
import { BelievedJoints } from "./BelievedJoints.js";
import { decodeBodyArray } from "../cdr/BodyArray.js";
import { decodeClock } from "../cdr/Clock.js";
import { decodeImage } from "../cdr/Image.js";
import type { JointState } from "../cdr/JointState.js";
import { decodeObjectArray } from "../cdr/ObjectArray.js";
import { toSeconds } from "../cdr/Stamp.js";
import { decodeTransforms } from "../cdr/TFMessage.js";
import { decodeWrenchStamped } from "../cdr/WrenchStamped.js";
import { directionFrom, pointFrom, turnFrom, type Frames } from "./Frames.js";
import { hasTf2Msgs } from "../hasTf2Msgs.js";
import type { SourceJoints } from "./JointSources.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";
import type { Recorder } from "../client/Recorder.js";
import { rgbOfImage } from "../rgbOfImage.js";
import { Silences } from "./Silences.js";

/** Counters of one topic. */
export interface InputCount {
  messages: number;
  others: number; // without the arm's joints, or from another publisher than the one in use
  malformed: number; // bytes that are not a valid message
  fault: string; // of the last malformed one
}

/**
 * The agent's subscriptions: serialised messages in, plain values to the port, which makes the ingress checks.
 * rclnodejs parses nothing into objects: that would take milliseconds of the main thread. All are best effort, which
 * also receives from reliable publishers, and of depth 1: rclnodejs takes one message per wake, so a queue would only
 * make what we read older. Only joint states may have other publishers, such as a gripper or a mobile base, whose
 * messages would push ours out of such a queue: their queue is longer, and emptied at each wake. Poses are in the arm's
 * base or in a frame whose pose in it is known (`Frames`); a message in any other frame is refused.
 */
export class AgentInputs {
  readonly counts = new Map<string, InputCount>();
  /** Of the arm's joint states: delay of the last stamp behind the clock; negative: ahead. */
  skew: Seconds = 0;
  /** Silences between joint states. */
  readonly silences = new Silences();
  /** The last message on `bodies`, for the markers. */
  bodies: readonly Body[] = [];
  private readonly subscriptions: rclnodejs.Subscription[] = [];
  /** Joint states, and the publisher in use. */
  readonly joints: BelievedJoints;
  private readonly recorder: Recorder | undefined;

  constructor(
    private readonly node: ManagedNode,
    port: AgentPort,
    clock: Clock,
    {
      cameras,
      frames,
      links = [],
      forces,
      recorder,
      witness,
      joints: arm = { names: port.jointNames, velocity: port.jointNames.map(() => Math.PI), endless: [] },
    }: {
      readonly cameras: readonly string[];
      readonly frames: Frames;
      readonly links?: readonly string[];
      readonly forces: boolean;
      readonly recorder?: Recorder;
      readonly witness?: (stamp: Seconds) => void;
      readonly joints?: SourceJoints;
    },
  ) {
    this.recorder = recorder;
    const count = this.count("joint_states");
    const observe = (m: JointState): void =>
      port.observeJoints({
        stamp: toSeconds(m.header.stamp),
        names: m.name,
        positions: m.position,
        velocities: m.velocity,
        efforts: m.effort,
      });
    const record = (bytes: () => Uint8Array): void =>
      recorder?.take(node.resolveTopicName("joint_states"), "sensor_msgs/msg/JointState", bytes());
    this.joints = new BelievedJoints(node, arm, {
      believed: (m, bytes) => {
        count.messages++;
        record(bytes);
        const stamp = toSeconds(m.header.stamp);
        witness?.(stamp);
        this.skew = clock.now() - stamp;
        this.silences.heard(monotonic());
        observe(m);
      },
      other: (m, why, bytes) => {
        count.others++;
        record(bytes);
        if (why === "stranger") observe(m);
      },
      malformed: (error) => {
        count.malformed++;
        count.fault = error.message;
      },
      told: (words) => {
        port.jointSources(words);
        if (words !== "") node.getLogger().warn(words);
      },
    });
    this.listen("telos_interfaces/msg/BodyArray", "bodies", (bytes) => {
      const m = decodeBodyArray(bytes);
      const stamp = toSeconds(m.header.stamp),
        frame = frames.of(m.header.frameId);
      this.bodies = m.bodies.map((b) => ({ ...b, p0: pointFrom(frame, b.p0), p1: pointFrom(frame, b.p1), stamp }));
      port.observeBodies(stamp, this.bodies);
    });
    this.listen(
      "builtin_interfaces/msg/Time",
      "bodies_void_until",
      (bytes) => port.voidBodies(toSeconds(decodeClock(bytes))),
      qualities.reliable(1),
    );
    this.listen("telos_interfaces/msg/ObjectArray", "objects", (bytes) => {
      const m = decodeObjectArray(bytes);
      const stamp = toSeconds(m.header.stamp),
        frame = frames.of(m.header.frameId);
      port.observeObjects(
        stamp,
        m.objects.map((o) => ({
          id: o.id,
          position: pointFrom(frame, o.position),
          orientation: turnFrom(frame, o.orientation),
          positionStd: o.positionStd,
          stamp,
        })),
        m.shapes,
      );
    });
    if (forces) {
      this.listen("geometry_msgs/msg/WrenchStamped", "wrench", (bytes) => {
        const m = decodeWrenchStamped(bytes);
        // of a moving link: only the size of the force is used, which is the same in any frame
        const frame = links.includes(m.header.frameId) ? undefined : frames.of(m.header.frameId);
        port.observeWrench(toSeconds(m.header.stamp), [
          ...directionFrom(frame, m.wrench),
          ...directionFrom(frame, Array.from(m.wrench).slice(3)),
        ]);
      });
    }
    if (hasTf2Msgs())
      this.listen(
        "tf2_msgs/msg/TFMessage" as never,
        "/tf_static",
        (bytes) => frames.learn(decodeTransforms(bytes)),
        qualities.latched(100),
      );
    for (const camera of cameras) {
      this.listen("sensor_msgs/msg/Image", `${camera}/image_raw`, (bytes) => {
        const m = decodeImage(bytes);
        port.observeImage(camera, {
          stamp: toSeconds(m.header.stamp),
          width: m.width,
          height: m.height,
          data: rgbOfImage(m),
        });
      });
    }
  }

  destroy(): void {
    this.joints.destroy();
    for (const subscription of this.subscriptions.splice(0)) this.node.destroySubscription(subscription);
  }

  private count(topic: string): InputCount {
    const count: InputCount = { messages: 0, others: 0, malformed: 0, fault: "" };
    this.counts.set(topic, count);
    return count;
  }

  private listen(
    type: rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>,
    topic: string,
    take: (bytes: Uint8Array) => void,
    qos = qualities.sensor(1),
  ): void {
    const count = this.count(topic);
    const subscription = this.node.createSubscription(type, topic, { isRaw: true, qos }, (bytes: Buffer) => {
      try {
        this.recorder?.take(this.node.resolveTopicName(topic), type as string, bytes);
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
