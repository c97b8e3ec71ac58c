import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import { decodeJointState, encodeJointState, type JointState } from "../cdr/JointState.js";
import { drain } from "../drain.js";
import { parsedJoints, publishersOf } from "../hearWithSource.js";
import { JointSources, type SourceJoints } from "./JointSources.js";
import { qualities } from "../qualities.js";

const LOOK = 250; // ms, between looks at who publishes while nothing changes
const MEET: Seconds = 1; // in which nodes of one domain find each other

export interface JointHearer {
  /** A message of the arm's joints by the one who is believed. @param bytes its own */
  believed(m: JointState, bytes: () => Uint8Array): void;
  /** One of another's joints alone ("stranger"), or by another than the one who is believed ("skipped"). */
  other?(m: JointState, why: "stranger" | "skipped", bytes: () => Uint8Array): void;
  /** Bytes that are no joint state. */
  malformed?(error: Error): void;
  /** What is wrong with who tells of joints; "" when nothing is any more. */
  told?(words: string): void;
}

/**
 * Joint states of one arm by the law of `JointSources`, for whoever hears them. While one publisher alone is there, or
 * it is known that the others tell of other things, its messages are read as bytes, which is cheap; else each comes
 * with who sent it. It is one subscription that is read in either way, and before each message is taken it is asked how
 * many publishers there are (8 µs): a writer is in the graph before the first of its messages comes, so of one that was
 * not there before none is taken for another's. Depth: other publishers' messages would push ours out of a short queue,
 * and all that wait are taken at each wake.
 */
export class BelievedJoints {
  readonly sources: JointSources;
  /** Messages taken from the queue. */
  heard = 0;
  private readonly topic: string;
  private readonly subscription: rclnodejs.Subscription;
  private readonly undrain: () => void;
  private readonly looking: NodeJS.Timeout;
  private count = -1; // of publishers, at the last look
  private since = monotonic(); // that was another

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
    let raw = true; // as the message at hand is taken
    Object.defineProperties(this.subscription, {
      isRaw: { get: () => (raw = this.anonymous()) },
      _isRaw: { get: () => raw },
    });
    this.undrain = drain(node, this.subscription, () => this.heard);
    this.looking = setInterval(() => this.look(), LOOK);
  }

  /** The arm is activated anew: whoever is there then is as good as the other. */
  renew(): void {
    this.sources.renew();
    this.count = -1;
  }

  destroy(): void {
    clearInterval(this.looking);
    this.undrain();
    this.node.destroySubscription(this.subscription);
  }

  /** Whether the next message may be taken without asking who sent it. */
  private anonymous(): boolean {
    if (this.node.countPublishers(this.topic) !== this.count) this.look();
    return !this.sources.asks;
  }

  /** Whether it is known whom to believe: for a program that came just now, which finds the others only by and by. */
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
