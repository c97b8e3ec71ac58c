import { nearestTurn } from "../../../core/math/nearestTurn.js";
import type { Seconds } from "../../../core/Seconds.js";

const LISTEN: Seconds = 1; // for who speaks of the arm; less where all were heard
const FOUND: Seconds = 3; // after the beginning: until then nodes are still finding each other
const AGAIN: Seconds = 10; // until it is listened anew: who speaks seldom
const NAMELESS = "a publisher without a name";
const NOISE = 0.05; // rad or m, that two who tell of one arm may differ by

/** Whoever publishes on a topic, as the ROS graph tells. */
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
  readonly slides?: readonly boolean[]; // told of in m; absent: none
}

/** Of one publisher, the last that it told. */
interface Heard {
  readonly gid: string;
  readonly at: Seconds;
  readonly told: ToldJoints | undefined; // undefined: of another's joints
}

/**
 * Whose joint states are believed: positions of one arm come from one publisher. The one that was there before others
 * is believed, and they are skipped, and named. Where several tell of the arm from the beginning, the first is believed
 * for as long as they agree; when they differ, nobody is, as who tells the truth cannot be known. If the one believed
 * leaves, whoever was skipped is not believed instead, before the arm is activated anew; one who had not spoken beside
 * it, as a driver that was started again, is.
 *
 * Who sent a message is known at a price (rclnodejs tells it of messages that it parses), so it is asked for only while
 * there are several publishers and it is not known who speaks of what, or several speak of the arm.
 */
export class JointSources {
  /** What is wrong, "" if nothing. */
  words = "";
  /** Whether messages must come with who sent them (`hear`); else all are believed. */
  asks = false;
  /** Whose are believed (gid); undefined: not known yet, or nobody's, where `words` tell why. */
  believed: string | undefined;
  /** Whether it is being found out who speaks of the arm. */
  listening = false;
  private key = "";
  private publishers: readonly Publisher[] = [];
  private readonly skipped = new Map<string, string>(); // node names by gid, of those who spoke beside the one believed
  private readonly equals = new Set<string>(); // of them those who were there as early
  private readonly heard = new Map<string, Heard>(); // by gid
  private contested: readonly string[] = []; // who differ
  private since: Seconds = -Infinity; // of the last listening
  private began: Seconds = NaN;
  private apart = ""; // by what those who are contested differ

  constructor(
    private readonly topic: string,
    private readonly joints: SourceJoints,
  ) {}

  /** To be called several times a second. */
  look(publishers: readonly Publisher[], now: Seconds): void {
    if (!(now >= this.began)) this.began = now;
    this.publishers = publishers;
    if (this.contested.length > 0 || this.skipped.size > 0) this.tell(); // names may have been found since
    // that they agree for a moment says nothing
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
      // who is found first was not there first
      if (this.skipped.size === 0 && now - this.began < FOUND) this.believed = undefined;
    }
    if (this.listening && (now - this.since > LISTEN || publishers.every((p) => this.heard.has(p.gid))))
      this.conclude(now);
  }

  /**
   * A message while `asks`.
   * @returns whether it is to be believed, "stranger" where it tells of none of the arm's joints
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

  /** The arm is activated anew: whoever is there then is as good as the other. */
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

  /** Whether those who speak of the arm differ: then nobody is believed until one of them is gone. */
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

  /** By what two who speak of the arm differ, in words; "" if they may tell of one arm. */
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
