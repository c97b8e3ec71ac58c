import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import { decodeJointState, encodeJointState, type JointState } from "../cdr/JointState.js";
import { drain } from "../drain.js";
import { parsedJoints, publishersOf } from "../hearWithSource.js";
import { JointSources, type SourceJoints } from "./JointSources.js";
import { qualities } from "../qualities.js";

const LOOK = 250; // ms, between checks of the publishers while nothing changes
const MEET: Seconds = 1; // time in which nodes of one domain discover each other

export interface JointHearer {
  /** A message with the arm's joints, from the publisher in use. @param bytes the message */
  believed(m: JointState, bytes: () => Uint8Array): void;
  /** A message without the arm's joints ("stranger"), or from another publisher than the one in use ("skipped"). */
  other?(m: JointState, why: "stranger" | "skipped", bytes: () => Uint8Array): void;
  /** Bytes that are not a joint state. */
  malformed?(error: Error): void;
  /** What is wrong with the publishers of joint states; "" when nothing is any more. */
  told?(words: string): void;
}

/**
 * Joint states of one arm by the law of `JointSources`. While there is one publisher, or the others are known to
 * publish other joints, messages are read as bytes, which is cheap; otherwise each comes with its publisher. One
 * subscription is read in either way. Before each message the number of publishers is asked for (8 µs): a writer is in
 * the graph before the first of its messages comes, so no message of a new publisher is taken for another's. Depth:
 * other publishers' messages would push ours out of a short queue, and all waiting messages are taken at each wake.
 */
export class BelievedJoints {
  readonly sources: JointSources;
  /** Messages taken from the queue. */
  heard = 0;
  private readonly topic: string;
  private readonly subscription: rclnodejs.Subscription;
  private readonly undrain: () => void;
  private readonly looking: NodeJS.Timeout;
  private count = -1; // of publishers, at the last check
  private since = monotonic(); // time since the number is this one

  constructor(
    private readonly node: rclnodejs.Node,
    joints: SourceJoints,
    private readonly hearer: JointHearer,
    depth = 32,
  ) {
    this.topic = node.resolveTopicName("joint_states");
    this.sources = new JointSources(this.topic, joints);
    const ours = (m: JointState): boolean => m.name.some((name) => joints.names.includes(name));
    const take = (message: unknown, info?: rclnodejs.MessageInfo): void => {
      this.heard++;
      try {
        const m = info === undefined ? decodeJointState(message as Uint8Array) : parsedJoints(message);
        const bytes = (): Uint8Array => (info === undefined ? (message as Uint8Array) : encodeJointState(m));
        const verdict =
          info === undefined
            ? ours(m) || "stranger"
            : this.sources.hear(
                Buffer.from(info.publisherGid as Uint8Array).toString("hex"),
                { names: m.name, positions: m.position },
                monotonic(),
              );
        if (verdict === true) hearer.believed(m, bytes);
        else hearer.other?.(m, verdict === false ? "skipped" : verdict, bytes);
      } catch (error) {
        hearer.malformed?.(error as Error);
      }
    };
    this.subscription = node.createSubscription(
      "sensor_msgs/msg/JointState",
      "joint_states",
      { qos: qualities.sensor(depth) },
      (message: unknown, info?: rclnodejs.MessageInfo) => take(message, info),
    );
    let raw = true; // how the message at hand is read
    Object.defineProperties(this.subscription, {
      isRaw: { get: () => (raw = this.anonymous()) },
      _isRaw: { get: () => raw },
    });
    this.undrain = drain(node, this.subscription, () => this.heard);
    this.looking = setInterval(() => this.look(), LOOK);
  }

  /** The arm is activated again: all publishers present then are equal. */
  renew(): void {
    this.sources.renew();
    this.count = -1;
  }

  destroy(): void {
    clearInterval(this.looking);
    this.undrain();
    this.node.destroySubscription(this.subscription);
  }

  /** Whether the next message may be read without its publisher. */
  private anonymous(): boolean {
    if (this.node.countPublishers(this.topic) !== this.count) this.look();
    return !this.sources.asks;
  }

  /** Whether the publisher to use is known. A program that has just started discovers the others only gradually. */
  decided(): boolean {
    return !this.sources.listening && monotonic() - this.since > MEET;
  }

  private look(): void {
    const { node, sources, topic } = this,
      said = sources.words;
    const before = this.count;
    this.count = node.countPublishers(topic);
    if (this.count !== before) this.since = monotonic();
    sources.look(publishersOf(node, topic), monotonic());
    if (sources.words !== said) this.hearer.told?.(sources.words);
  }
}
