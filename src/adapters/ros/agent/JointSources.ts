import { nearestTurn } from "../../../core/math/nearestTurn.js";
import type { Seconds } from "../../../core/Seconds.js";

const LISTEN: Seconds = 1; // to find out who publishes the arm's joints; less if all were received
const FOUND: Seconds = 3; // after the start: before that, nodes still discover each other
const AGAIN: Seconds = 10; // until it listens again, for publishers that are rare
const NAMELESS = "a publisher without a name";
const NOISE = 0.05; // rad or m, that two publishers of one arm may differ by

/** A publisher on a topic, from the ROS graph. */
export interface Publisher {
  readonly gid: string;
  readonly node: string; // full name; "" while it is not known
}

export interface ToldJoints {
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>;
}

export interface SourceJoints {
  readonly names: readonly string[];
  readonly velocity: ArrayLike<number>; // limits
  readonly endless: readonly boolean[];
  readonly slides?: readonly boolean[]; // joints in m; absent: none
}

/** The last message of one publisher. */
interface Heard {
  readonly gid: string;
  readonly at: Seconds;
  readonly told: ToldJoints | undefined; // undefined: without the arm's joints
}

/**
 * Decides whose joint states are used: positions of one arm come from one publisher. The publisher that was there first
 * is used; the others are ignored and named. If several publish the arm from the beginning, the first is used as long
 * as they agree. When they differ, none is used, because it is not known which is right. If the one in use leaves, an
 * ignored one does not replace it before the arm is activated again. A publisher that was not there beside it, such as
 * a restarted driver, does.
 *
 * The publisher of a message costs time to find (rclnodejs gives it only for messages that it parses). So it is asked
 * for only while there are several publishers and it is not known which joints each publishes, or several publish the
 * arm.
 */
export class JointSources {
  /** What is wrong, "" if nothing. */
  words = "";
  /** Whether messages must come with their publisher (`hear`); if not, all are used. */
  asks = false;
  /** The publisher in use (gid); undefined: not known yet, or none, and `words` says why. */
  believed: string | undefined;
  /** Whether the publishers of the arm's joints are being found out. */
  listening = false;
  private key = "";
  private publishers: readonly Publisher[] = [];
  private readonly skipped = new Map<string, string>(); // node names by gid, of those beside the one in use
  private readonly equals = new Set<string>(); // those of them that were there as early
  private readonly heard = new Map<string, Heard>(); // by gid
  private contested: readonly string[] = []; // the two that differ
  private since: Seconds = -Infinity; // of the last listening
  private began: Seconds = NaN;
  private apart = ""; // how the contested ones differ

  constructor(
    private readonly topic: string,
    private readonly joints: SourceJoints,
  ) {}

  /** To be called several times a second. */
  look(publishers: readonly Publisher[], now: Seconds): void {
    if (!(now >= this.began)) this.began = now;
    this.publishers = publishers;
    if (this.contested.length > 0 || this.skipped.size > 0) this.tell(); // names may be known by now
    // agreement for a moment proves nothing
    if (this.contested.length > 0 && this.contested.every((gid) => publishers.some((p) => p.gid === gid))) return;
    this.contested = [];
    const key = publishers
      .map((p) => p.gid)
      .sort()
      .join();
    if (key !== this.key || (!this.listening && publishers.length > 1 && now - this.since > AGAIN)) {
      this.key = key;
      this.since = now;
      this.listening = true;
      this.heard.clear();
      this.asks = publishers.length > 1 || this.skipped.size > 0;
      if (!this.asks) return this.settle(publishers[0]?.gid ?? this.believed);
      // the first one discovered is not the first one there
      if (this.skipped.size === 0 && now - this.began < FOUND) this.believed = undefined;
    }
    if (this.listening && (now - this.since > LISTEN || publishers.every((p) => this.heard.has(p.gid))))
      this.conclude(now);
  }

  /**
   * A message while `asks`.
   * @returns whether it is used; "stranger" if it has none of the arm's joints
   */
  hear(gid: string, told: ToldJoints, now: Seconds): boolean | "stranger" {
    if (!this.joints.names.some((name) => told.names.includes(name))) {
      if (!this.heard.get(gid)?.told) this.heard.set(gid, { gid, at: now, told: undefined });
      return "stranger";
    }
    const heard: Heard = { gid, at: now, told };
    this.heard.set(gid, heard);
    if (this.believed === undefined)
      return (
        this.listening &&
        this.skipped.size === 0 &&
        [...this.heard.values()].every((h) => h.gid === gid || h.told === undefined)
      );
    const other = gid === this.believed ? undefined : this.heard.get(this.believed);
    if (other !== undefined && this.equals.has(gid)) this.contest([other, heard]);
    return gid === this.believed;
  }

  /** The arm is activated again: all publishers present then are equal. */
  renew(): void {
    this.skipped.clear();
    this.equals.clear();
    this.believed = undefined;
    this.contested = [];
    this.key = "";
    this.began = NaN;
  }

  private conclude(now: Seconds): void {
    this.listening = false;
    const speakers = [...this.heard.values()].filter((h) => h.told !== undefined),
      there = (gid: string): boolean => this.publishers.some((p) => p.gid === gid);
    if (this.believed !== undefined && !there(this.believed) && speakers.length > 0) this.believed = undefined;
    const names = new Set([...this.skipped.values()].filter((name) => name !== NAMELESS)),
      able = speakers.filter((s) => !names.has(this.nameOf(s.gid)));
    if (this.believed === undefined && able.length > 0) {
      if (this.contest(able)) return;
      this.believed = able[0].gid;
      for (const s of able.slice(1)) this.equals.add(s.gid);
    }
    if (this.believed !== undefined) {
      for (const gid of this.skipped.keys()) if (!there(gid) && there(this.believed)) this.skipped.delete(gid);
      for (const { gid } of speakers) if (gid !== this.believed) this.skipped.set(gid, this.nameOf(gid));
    }
    if (this.skipped.size === 0)
      return speakers.length > 0 || now - this.began >= FOUND ? this.settle(this.believed) : undefined;
    this.tell();
  }

  private tell(): void {
    if (this.contested.length > 0) {
      const [a, b] = this.contested;
      this.words =
        `${this.nameOf(a)} and ${this.nameOf(b)} both publish the arm's joints on ${this.topic}, and ` +
        `differ (${this.apart}): neither is used, because it is not known which is right; stop one of them`;
      return;
    }
    for (const gid of this.skipped.keys()) this.skipped.set(gid, this.nameOf(gid));
    const skipped = [...new Set(this.skipped.values())].join(", "),
      many = this.skipped.size > 1;
    this.words =
      this.believed === undefined
        ? `the publisher in use on ${this.topic} is gone; ${skipped} also published the arm's joints and ` +
          `${many ? "are" : "is"} ignored: activate again to use ${many ? "one of them" : "it"}`
        : `${skipped} ${many ? "publish" : "publishes"} the arm's joints on ${this.topic} too, and ` +
          `${many ? "are" : "is"} ignored: ${this.nameOf(this.believed)}, which came first, is used`;
  }

  /** Whether publishers of the arm differ: then none is used until one of them is gone. */
  private contest(speakers: readonly Heard[]): boolean {
    const [first] = speakers;
    for (const other of speakers.slice(1)) {
      const by = this.difference(first, other);
      if (by === "") continue;
      this.believed = undefined;
      this.contested = [first.gid, other.gid];
      this.listening = false;
      this.skipped.clear();
      this.equals.clear();
      this.apart = by;
      this.tell();
      return true;
    }
    return false;
  }

  private settle(believed: string | undefined): void {
    this.believed = believed;
    this.asks = this.listening = false;
    this.words = "";
  }

  private nameOf(gid: string): string {
    return this.publishers.find((p) => p.gid === gid)?.node || this.skipped.get(gid) || NAMELESS;
  }

  /** How two publishers of the arm differ, in words; "" if both may be right. */
  private difference(a: Heard, b: Heard): string {
    const of = ({ told }: Heard, name: string): number => told!.positions[told!.names.indexOf(name)] ?? NaN;
    for (const [j, name] of this.joints.names.entries()) {
      const x = of(a, name),
        y = this.joints.endless[j] ? nearestTurn(of(b, name), x) : of(b, name);
      if (Math.abs(x - y) > NOISE + this.joints.velocity[j] * Math.abs(a.at - b.at))
        return `${name} at ${x.toFixed(3)} and ${y.toFixed(3)} ${this.joints.slides?.[j] ? "m" : "rad"}`;
    }
    return "";
  }
}
