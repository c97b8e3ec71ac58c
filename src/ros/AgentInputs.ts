import rclnodejs from "rclnodejs";
import type { AgentPort } from "../agent/AgentPort.js";
import type { Body } from "../core/Body.js";
import type { Clock } from "../core/Clock.js";
import { monotonic } from "../core/SharedClock.js";
import type { Seconds } from "../core/Seconds.js";
import { decodeBodyArray } from "./cdr/BodyArray.js";
import { decodeClock } from "./cdr/Clock.js";
import { decodeImage } from "./cdr/Image.js";
import { decodeJointState, type JointState } from "./cdr/JointState.js";
import { decodeObjectArray } from "./cdr/ObjectArray.js";
import { toSeconds } from "./cdr/Stamp.js";
import { decodeTransforms } from "./cdr/TFMessage.js";
import { decodeWrenchStamped } from "./cdr/WrenchStamped.js";
import { drain } from "./drain.js";
import { directionFrom, pointFrom, turnFrom, type Frames } from "./Frames.js";
import { hasTf2Msgs } from "./hasTf2Msgs.js";
import { hearWithSource, publishersOf } from "./hearWithSource.js";
import { JointSources, type SourceJoints } from "./JointSources.js";
import type { ManagedNode } from "./ManagedNode.js";
import { qualities } from "./qualities.js";
import type { Recorder } from "./Recorder.js";
import { rgbOfImage } from "./rgbOfImage.js";
import { Silences } from "./Silences.js";

const JOINTS = 32; // joint states that wait for us: other publishers' too
const LOOK = 250; // ms, between looks at who publishes them

/** What came in on one topic. */
export interface InputCount {
  messages: number;
  others: number; // that tell of another's joints, or come from another than the one believed
  malformed: number; // bytes that are no such message
  fault: string; // of the last malformed one
}

/**
 * The agent's subscriptions: serialised messages in, plain values to the port, which makes the ingress checks. Nothing is parsed into objects by rclnodejs:
 * that would take milliseconds of the main thread. All are best effort, which hears reliable publishers too, and of depth 1: rclnodejs takes one message a
 * wake, so a queue would only make what we read older. Joint states alone may have other publishers, a gripper's or a mobile base's, whose messages would push
 * ours out of such a queue: theirs is longer, and emptied at each wake. Places are told in the arm's base or in a frame whose pose in it is known (`Frames`); in any other, the message is refused.
 */
export class AgentInputs {
  readonly counts = new Map<string, InputCount>();
  /** Of the arm's joint states: how far the last stamp lay behind the clock; negative: ahead. */
  skew: Seconds = 0;
  /** Between joint states, as they came. */
  readonly silences = new Silences();
  /** What `bodies` last said, for the markers. */
  bodies: readonly Body[] = [];
  private readonly subscriptions: rclnodejs.Subscription[] = [];
  /** Whose joint states are believed. */
  readonly sources: JointSources;
  private readonly undrain: () => void;
  private readonly looking: NodeJS.Timeout;
  private told: { readonly subscription: rclnodejs.Subscription; readonly undrain: () => void; heard: number } | undefined; // joint states with who sent them
  private newest: Seconds = -Infinity; // stamp of the last joint states taken
  private readonly recorder: Recorder | undefined;

  constructor(
    private readonly node: ManagedNode,
    private readonly port: AgentPort,
    clock: Clock,
    { cameras, frames, links = [], forces, recorder, witness, joints: arm = { names: port.jointNames, velocity: port.jointNames.map(() => Math.PI), endless: [] } }: { readonly cameras: readonly string[]; readonly frames: Frames; readonly links?: readonly string[]; readonly forces: boolean; readonly recorder?: Recorder; readonly witness?: (stamp: Seconds) => void; readonly joints?: SourceJoints },
  ) {
    this.recorder = recorder;
    this.sources = new JointSources(node.resolveTopicName("joint_states"), arm);
    let arrived = 0;
    const take = (m: JointState): boolean => {
      const stamp = (this.newest = toSeconds(m.header.stamp)), ours = m.name.some((name) => port.jointNames.includes(name));
      if (ours) {
        witness?.(stamp);
        this.skew = clock.now() - stamp;
        this.silences.heard(monotonic());
      }
      port.observeJoints({ stamp, names: m.name, positions: m.position, velocities: m.velocity });
      return ours;
    };
    this.listen("sensor_msgs/msg/JointState", "joint_states", (bytes) => (arrived++, this.told?.heard ? null : take(decodeJointState(bytes))), qualities.sensor(JOINTS));
    this.looking = setInterval(() => this.lookAtSources(take), LOOK);
    this.undrain = drain(node, this.subscriptions[0], () => arrived);
    this.listen("telos_interfaces/msg/BodyArray", "bodies", (bytes) => {
      const m = decodeBodyArray(bytes);
      const stamp = toSeconds(m.header.stamp), frame = frames.of(m.header.frameId);
      this.bodies = m.bodies.map((b) => ({ ...b, p0: pointFrom(frame, b.p0), p1: pointFrom(frame, b.p1), stamp }));
      port.observeBodies(stamp, this.bodies);
    });
    this.listen("builtin_interfaces/msg/Time", "bodies_void_until", (bytes) => port.voidBodies(toSeconds(decodeClock(bytes))), qualities.reliable(1));
    this.listen("telos_interfaces/msg/ObjectArray", "objects", (bytes) => {
      const m = decodeObjectArray(bytes);
      const stamp = toSeconds(m.header.stamp), frame = frames.of(m.header.frameId);
      port.observeObjects(stamp, m.objects.map((o) => ({ id: o.id, position: pointFrom(frame, o.position), orientation: turnFrom(frame, o.orientation), positionStd: o.positionStd, stamp })));
    });
    if (forces) {
      this.listen("geometry_msgs/msg/WrenchStamped", "wrench", (bytes) => {
        const m = decodeWrenchStamped(bytes);
        const frame = links.includes(m.header.frameId) ? undefined : frames.of(m.header.frameId); // of a link that moves: how hard it is pressed is the same in any frame, and nothing else is asked
        port.observeWrench(toSeconds(m.header.stamp), [...directionFrom(frame, m.wrench), ...directionFrom(frame, Array.from(m.wrench).slice(3))]);
      });
    }
    if (hasTf2Msgs()) this.listen("tf2_msgs/msg/TFMessage" as never, "/tf_static", (bytes) => frames.learn(decodeTransforms(bytes)), qualities.latched(100));
    for (const camera of cameras) {
      this.listen("sensor_msgs/msg/Image", `${camera}/image_raw`, (bytes) => {
        const m = decodeImage(bytes);
        port.observeImage(camera, { stamp: toSeconds(m.header.stamp), width: m.width, height: m.height, data: rgbOfImage(m) });
      });
    }
  }

  destroy(): void {
    clearInterval(this.looking);
    this.untell();
    this.undrain();
    for (const subscription of this.subscriptions.splice(0)) this.node.destroySubscription(subscription);
  }

  /** Who publishes joint states; while it is not known whom to believe, they are heard a second time, with who sent them, and those of the first subscription count for nothing. */
  private lookAtSources(take: (m: JointState) => boolean): void {
    const { node, sources } = this, said = sources.words;
    sources.look(publishersOf(node, node.resolveTopicName("joint_states")), monotonic());
    if (sources.words !== said) {
      this.port.jointSources(sources.words);
      if (sources.words !== "") node.getLogger().warn(sources.words);
    }
    if (!sources.asks) return this.untell();
    if (this.told !== undefined) return;
    const count = this.counts.get("joint_states")!;
    const told: { heard: number } = { heard: 0 };
    const subscription = hearWithSource(node, JOINTS, (m, gid) => {
      told.heard++;
      const believed = sources.hear(gid, { names: m.name, positions: m.position }, monotonic()), late = this.newest - toSeconds(m.header.stamp);
      if (believed === true && !(told.heard < JOINTS && late >= 0 && late < 1)) take(m), count.messages++; // the first may have come the other way already
      else if (believed !== true) count.others++;
      if (believed === "stranger") this.port.observeJoints({ stamp: toSeconds(m.header.stamp), names: m.name, positions: m.position, velocities: m.velocity });
    });
    this.told = Object.assign(told, { subscription, undrain: drain(node, subscription, () => told.heard) });
  }

  private untell(): void {
    if (this.told === undefined) return;
    this.told.undrain();
    this.node.destroySubscription(this.told.subscription);
    this.told = undefined;
  }

  private listen(type: rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>, topic: string, take: (bytes: Uint8Array) => unknown, qos = qualities.sensor(1)): void {
    const count: InputCount = { messages: 0, others: 0, malformed: 0, fault: "" };
    this.counts.set(topic, count);
    const subscription = this.node.createSubscription(type, topic, { isRaw: true, qos }, (bytes: Buffer) => {
      try {
        this.recorder?.take(this.node.resolveTopicName(topic), type as string, bytes);
        const taken = take(bytes);
        if (taken === false) count.others++;
        else if (taken !== null) count.messages++;
      } catch (error) {
        count.malformed++;
        count.fault = (error as Error).message;
      }
    });
    this.subscriptions.push(subscription);
  }
}
