import type { Body } from "../../core/Body.js";
import type { Seconds } from "../../core/Seconds.js";
import { matchParts } from "./matchParts.js";
import { groupNameless } from "./groupNameless.js";
import { distance, grownRadius, mergeBodies } from "./mergeBodies.js";

/** What is known of trackers, of those whom they track, and of the arm. */
export interface TrackingBounds {
  readonly speeds: Readonly<Record<Body["kind"], number>>; // m/s, of bodies that come without a bound
  readonly noise: number; // m, of a told place
  readonly reach: number; // m, of the arm from the origin of its base
  // who was not told of for so long is gone, as whoever set the tracker up declares; absent: never where the arm could
  // reach
  readonly forgetAfter?: Seconds;
}

/** A part that stays although it is not told of now. */
export interface HiddenBody {
  readonly id: string;
  readonly age: Seconds;
}

const HANDED = 64; // bodies at most that guardrails and planners look at: the safety filter has 10 ms
const LOST = 32; // parts of ids that are silent, at most
const PARTS = 64; // of one id, at most
const BALLS = 8; // that hold all beyond
const RECENT = 16; // messages that are kept, in case the tracker says late that it began anew
const ANEW: Seconds = 5; // a clock that goes back by more begins anew, and a world with it; by less it was set
const LEFT: Seconds = 10; // who is silent for so long since all their parts were out of reach is gone
// m, how far somebody may reach in before a sensor tells: C of ISO 13855 and ISO/TS 15066, 5.5.4
const INTRUSION = 0.85;
const EXTENT = 2.5; // m, parts of one person are no farther from each other
const NAMELESS = "\0"; // begins the keys of those whose id is empty

/** Of one id. */
interface Known {
  readonly parts: readonly Body[]; // distinct ones, each as last told of or as old as that
  readonly seen: readonly Body[]; // in the last message that named it
}

/**
 * Where people and movers may be: regions, capsules that grow by speed bound · age, whose union holds every part that
 * was ever told of and may still be near. A part that is not told of is not gone:
 *
 *   - One id may stand for several parts, in any order. The parts in a message take the place of the known ones iff
 *     each known part is accounted for by one of its own (`matchParts`). Else, as when fewer come than before, all
 *     known ones stay, growing; told parts that cannot be any of them are known from now on as well.
 *   - An empty id names nobody: each part under it is on its own (`groupNameless`), and only by itself may it be far.
 *   - An id that a message does not name stays as it is, growing.
 *   - Forgotten is what the arm cannot reach: hidden parts of one whose told parts all lie beyond reach + EXTENT; an id
 *     that is silent for 10 s since all its parts lay beyond reach + INTRUSION; and, where it is declared, whatever was
 *     not told of for `forgetAfter`.
 *   - What was told up to a moment after which, as the tracker itself says, it began anew (`voidUntil`), once it has
 *     told anything since.
 *   - A clock that goes back by more than 5 s has begun anew, and nothing older is believed; by less, and all are known
 *     still, as old as they were.
 *   - Where there are too many, those least near are put into bodies that hold them (`mergeBodies`): nobody is left
 *     out.
 */
export class TrackedBodies {
  bodies: readonly Body[] = []; // what to keep clear of
  known = 0; // regions, before those least near were put together
  private readonly byId = new Map<string, Known>();
  private count = 0; // of those without a name
  private crowd: readonly Body[] = []; // of ids that are too many to be known each
  private stamp: Seconds = -Infinity;
  private anew: Seconds = -Infinity; // what was told up to then is void
  private recent: { readonly stamp: Seconds; readonly message: readonly Body[] }[] = []; // messages
  private past: Seconds = -Infinity; // stamp of the newest message that is not among them

  constructor(private readonly bounds: TrackingBounds) {}

  /** A message that passed ingress. A speed bound of 0, as ROS has it where nobody sets it, is none. */
  take(stamp: Seconds, message: readonly Body[]): void {
    if (stamp < this.stamp) this.redate(this.stamp - stamp);
    if (stamp <= this.anew) return;
    if (this.stamp <= this.anew) this.clear();
    this.stamp = stamp;
    this.recent.push({ stamp, message });
    if (this.recent.length > RECENT) this.past = this.recent.shift()!.stamp;
    const told = new Map<string, Body[]>();
    for (const b of message) {
      const part = { ...b, stamp, speedBound: b.speedBound > 0 ? b.speedBound : this.bounds.speeds[b.kind] };
      const parts = told.get(b.id);
      if (parts === undefined) told.set(b.id, [part]);
      else parts.push(part);
    }
    for (const [id, parts] of told) if (id !== "") this.byId.set(id, this.update(this.byId.get(id), parts));
    this.takeNameless(told.get("") ?? []);
    for (const [id, known] of this.byId) if (this.gone(known)) this.byId.delete(id);
    this.gather();
    const all = this.all();
    this.known = all.length;
    this.bodies = mergeBodies(all, HANDED, BALLS, stamp);
  }

  private takeNameless(told: readonly Body[]): void {
    const known = [...this.byId].filter(([key]) => key.startsWith(NAMELESS)),
      last = Math.max(...known.map(([, { seen }]) => seen[0].stamp));
    const those = (fresh: boolean): Map<string, readonly Body[]> =>
      new Map(
        known.filter(([, { seen }]) => (seen[0].stamp === last) === fresh).map(([key, { parts }]) => [key, parts]),
      );
    for (const { keys, told: parts } of groupNameless(those(true), those(false), told, this.bounds.noise)) {
      const before = keys.flatMap((key) => this.byId.get(key)!.parts);
      for (const key of keys) this.byId.delete(key);
      const now = this.update({ parts: before, seen: [] }, parts);
      for (const p of now.parts === parts ? parts.map((part) => ({ parts: [part], seen: [part] })) : [now])
        this.byId.set(`${NAMELESS}${this.count++}`, p);
    }
  }

  /**
   * The tracker began anew after that moment: a simulator whose scene was reset, say. Nobody is forgotten before it has
   * told of somebody, or of nobody, since; nor where that word comes late by more than RECENT messages.
   */
  voidUntil(moment: Seconds): void {
    if (moment <= this.anew || (this.stamp > moment && this.past > moment)) return;
    this.anew = moment;
    if (this.stamp <= moment) return;
    const since = this.recent.filter(({ stamp }) => stamp > moment);
    this.clear();
    for (const { stamp, message } of since) this.take(stamp, message);
  }

  private clear(): void {
    this.byId.clear();
    this.crowd = [];
    this.recent = [];
    this.stamp = -Infinity;
  }

  /** Who stays although not told of in the last message, the nearest to the base first. */
  get hidden(): HiddenBody[] {
    const { stamp } = this;
    const gap = (b: Body): number => distance([0, 0, 0], b) - grownRadius(b, stamp);
    return this.all()
      .filter((b) => b.stamp < stamp || this.crowd.includes(b))
      .sort((a, b) => gap(a) - gap(b))
      .map((b) => ({ id: b.id, age: stamp - b.stamp }));
  }

  /** The clock went back: what is known is as old as it was. Who is hidden is there still. */
  private redate(by: Seconds): void {
    this.anew = by > ANEW ? -Infinity : this.anew - by;
    this.recent = [];
    this.past = this.stamp - by;
    const moved = new Map<Body, Body>();
    const older = (b: Body): Body => moved.get(b) ?? (moved.set(b, { ...b, stamp: b.stamp - by }), moved.get(b)!);
    for (const [id, { parts, seen }] of [...this.byId])
      if (by > ANEW) this.byId.delete(id);
      else this.byId.set(id, { parts: parts.map(older), seen: seen.map(older) });
    this.crowd = by > ANEW ? [] : this.crowd.map(older);
  }

  private update(before: Known | undefined, told: readonly Body[]): Known {
    const {
      stamp,
      bounds: { noise, reach, forgetAfter = Infinity },
    } = this;
    const fresh: Known = { parts: told, seen: told };
    const parts = before?.parts.filter((p) => stamp - p.stamp <= forgetAfter) ?? [];
    if (told[0].id !== "" && told.every((t) => distance([0, 0, 0], t) - t.radius > reach + EXTENT)) return fresh;
    const match = matchParts(parts, told, noise);
    const found = match?.reduce((n, k) => n + (k >= 0 ? 1 : 0), 0) ?? -1;
    if (found === parts.length) return fresh;
    const more = [...parts, ...told.filter((_, t) => !(match !== undefined && match[t] >= 0))];
    if (more.length <= PARTS) return { parts: more, seen: told };
    this.crowd = [...this.crowd, ...parts, ...before!.seen];
    return fresh;
  }

  private gone({ parts, seen }: Known): boolean {
    const {
      stamp,
      bounds: { reach, forgetAfter = Infinity },
    } = this;
    const silence = stamp - seen[0].stamp;
    return (
      silence > forgetAfter ||
      (silence > LEFT && parts.every((b) => distance([0, 0, 0], b) - b.radius > reach + INTRUSION))
    );
  }

  /** Bounds what is kept of silent ids: of ids that are new at every message there would be thousands. */
  private gather(): void {
    const {
      stamp,
      bounds: { forgetAfter = Infinity },
    } = this;
    const silent = [...this.byId].filter(([, { seen }]) => seen[0].stamp < stamp);
    let count = silent.reduce((sum, [, { parts }]) => sum + parts.length, 0);
    const crowd = this.crowd.filter((b) => stamp - b.stamp <= forgetAfter);
    if (count > LOST) {
      const gaps = new Map(
        silent.map(([id, { parts }]) => [
          id,
          Math.min(...parts.map((b) => distance([0, 0, 0], b) - grownRadius(b, stamp))),
        ]),
      );
      silent.sort(([a], [b]) => gaps.get(b)! - gaps.get(a)!);
      for (const [id, { parts, seen }] of silent) {
        if (count <= LOST) break;
        count -= parts.length;
        crowd.push(...new Set([...parts, ...seen]));
        this.byId.delete(id);
      }
    }
    this.crowd = mergeBodies(crowd, BALLS, BALLS, stamp);
  }

  private all(): Body[] {
    return [...new Set([...this.crowd, ...[...this.byId.values()].flatMap(({ parts, seen }) => [...parts, ...seen])])];
  }
}
