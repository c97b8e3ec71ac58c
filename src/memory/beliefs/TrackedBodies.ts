import type { Body } from "../../core/Body.js";
import type { Seconds } from "../../core/Seconds.js";
import { matchParts } from "./matchParts.js";
import { groupNameless } from "./groupNameless.js";
import { distance, grownRadius, mergeBodies } from "./mergeBodies.js";

/** Properties of the tracker, of tracked bodies, and of the arm. */
export interface TrackingBounds {
  readonly speeds: Readonly<Record<Body["kind"], number>>; // m/s, of bodies that come without a bound
  readonly noise: number; // m, of an observed position
  readonly reach: number; // m, of the arm from the origin of its base
  // a body not observed for so long is gone, as the configuration of the tracker declares; absent: never within the
  // arm's reach
  readonly forgetAfter?: Seconds;
}

/** A part that is kept although it is not observed now. */
export interface HiddenBody {
  readonly id: string;
  readonly age: Seconds;
}

const HANDED = 64; // bodies at most for guardrails and planners: the safety filter has 10 ms
const LOST = 32; // parts of ids that are no longer observed, at most
const PARTS = 64; // of one id, at most
const BALLS = 8; // merged bodies that contain all others
const RECENT = 16; // messages that are kept, in case the tracker reports a restart late
const ANEW: Seconds = 5; // a clock that jumps back by more has restarted, and the world with it
const LEFT: Seconds = 10; // an id not observed for so long since all its parts were out of reach is gone
// m, how far a person may reach in before a sensor reports it: C of ISO 13855 and ISO/TS 15066, 5.5.4
const INTRUSION = 0.85;
const EXTENT = 2.5; // m, largest distance between parts of one person
const NAMELESS = "\0"; // first character of the keys of parts with an empty id

/** Parts of one id. */
interface Known {
  readonly parts: readonly Body[]; // distinct ones, each as last observed or as old as that
  readonly seen: readonly Body[]; // in the last message with this id
}

/**
 * Where people and movers may be: regions, capsules that grow by speed bound · age, whose union contains every part
 * that was ever observed and may still be near. A part that is no longer observed is not gone:
 *
 *   - One id may have several parts, in any order. The parts of a message replace the known ones iff each known part is
 *     accounted for by its own observed part (`matchParts`). Otherwise, for example if a message has fewer parts, all
 *     known ones stay and grow; observed parts that cannot be any of them are added.
 *   - An empty id identifies nobody: each part under it is separate (`groupNameless`), with its own distance.
 *   - An id that a message does not contain stays as it is and grows.
 *   - Forgotten is what the arm cannot reach: hidden parts of an id whose observed parts all lie beyond reach + EXTENT;
 *     an id that is not observed for 10 s since all its parts lay beyond reach + INTRUSION; and, if it is declared,
 *     whatever was not observed for `forgetAfter`.
 *   - Forgotten are also all observations up to the moment of a restart that the tracker reports (`voidUntil`), once it
 *     has published a message since.
 *   - If the clock jumps back by more than 5 s, it has restarted, and older observations are dropped. If by less, all
 *     bodies are kept, with the same age.
 *   - If there are too many, the farthest are merged into bodies that contain them (`mergeBodies`): nobody is left out.
 */
export class TrackedBodies {
  bodies: readonly Body[] = []; // for the guardrails and planners
  known = 0; // regions, before the farthest were merged
  private readonly byId = new Map<string, Known>();
  private count = 0; // of those without a name
  private crowd: readonly Body[] = []; // merged bodies of ids beyond the limit
  private stamp: Seconds = -Infinity;
  private anew: Seconds = -Infinity; // observations up to then are void
  private recent: { readonly stamp: Seconds; readonly message: readonly Body[] }[] = []; // messages
  private past: Seconds = -Infinity; // stamp of the newest message that is not among them

  constructor(private readonly bounds: TrackingBounds) {}

  /** Takes a message that passed ingress. A speed bound of 0, the default of ROS, means none. */
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
   * The tracker restarted after that moment, for example because a simulator's scene was reset. Nobody is forgotten
   * before it has published a message since, nor if the report is late by more than RECENT messages.
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

  /** Parts that are kept although the last message does not contain them, the nearest to the base first. */
  get hidden(): HiddenBody[] {
    const { stamp } = this;
    const gap = (b: Body): number => distance([0, 0, 0], b) - grownRadius(b, stamp);
    return this.all()
      .filter((b) => b.stamp < stamp || this.crowd.includes(b))
      .sort((a, b) => gap(a) - gap(b))
      .map((b) => ({ id: b.id, age: stamp - b.stamp }));
  }

  /** The clock jumped back: known parts keep their age, and hidden ones are kept. */
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

  /** Bounds the parts of unobserved ids: if every message had new ids, there would be thousands. */
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
