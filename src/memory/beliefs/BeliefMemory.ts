import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Image } from "../../core/Observation.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Percept } from "../../core/Percept.js";
import { TrackedBodies, type HiddenBody, type TrackingBounds } from "./TrackedBodies.js";

// a tracker's restart may be ahead of the clock, whose estimate of simulated time falls behind on a busy machine
const VOID: Seconds = 1;
const MOST = 256; // bodies or objects in one message
const KNOWN = 256; // objects that are believed in
const FUTURE: Seconds = 0.02;
const TOLD: Seconds = 2; // after an `objects` message, in which images do not update objects
const BACK: Seconds = 0.1; // that the clock must have jumped back for an older stamp to be accepted
const FAR = 1e6; // m or m/s: larger positions, sizes and speeds are refused

/**
 * Beliefs about the world that is not perceived now. An object is believed to be where it was last seen, with the time
 * of that observation, until 256 newer objects are known. For bodies, and parts that messages no longer contain, see
 * `TrackedBodies`.
 */
export class BeliefMemory {
  readonly objectsById = new Map<string, Belief>();
  private readonly tracked: TrackedBodies;
  private readonly seen = new Map<string, Seconds>();

  constructor(bounds: TrackingBounds) {
    this.tracked = new TrackedBodies(bounds);
  }

  get objects(): readonly Belief[] {
    return [...this.objectsById.values()];
  }

  get bodies(): readonly Body[] {
    return this.tracked.bodies;
  }

  /** Parts that are kept although the last message does not contain them. */
  get hidden(): readonly HiddenBody[] {
    return this.tracked.hidden;
  }

  /** Number of regions where a person or mover may be, before the farthest were merged. */
  get bodiesKnown(): number {
    return this.tracked.known;
  }

  /** Stamp of the last `bodies` message, even an empty one. */
  get bodiesStamp(): Seconds {
    return this.seen.get("bodies") ?? -Infinity;
  }

  /** @returns why the message was refused, "" if taken */
  seeBodies(stamp: Seconds, bodies: readonly Body[], now: Seconds): string {
    const refusal = this.refuse("bodies", stamp, bodies.length, now);
    if (refusal !== "") return refusal;
    for (const b of bodies) {
      const id = b.id.slice(0, 80);
      if (![...b.p0, ...b.p1, b.radius, b.speedBound].every((x) => Math.abs(x) <= FAR))
        return `got a number that is not finite or too large in ${id}`;
      if (!(b.radius >= 0) || !(b.speedBound >= 0))
        return `got radius ${b.radius} m, speed_bound ${b.speedBound} m/s in ${id}, want ≥ 0`;
    }
    this.seen.set("bodies", stamp);
    this.tracked.take(stamp, bodies);
    return "";
  }

  /** The tracker of bodies restarted after that moment: its earlier messages are void. @returns as `seeBodies` */
  voidBodies(until: Seconds, now: Seconds): string {
    if (!(until <= now + VOID)) return `got a restart ${(until - now).toFixed(3)} s ahead of the clock`;
    this.tracked.voidUntil(until);
    return "";
  }

  /** @returns why the message was refused, "" if taken */
  seeObjects(stamp: Seconds, objects: readonly Belief[], now: Seconds): string {
    const refusal = this.refuse("objects", stamp, objects.length, now);
    if (refusal !== "") return refusal;
    for (const o of objects)
      if (![...o.position, ...o.orientation].every(Number.isFinite))
        return `got a number that is not finite in ${o.id}`;
    this.seen.set("objects", stamp);
    for (const o of objects) {
      this.objectsById.delete(o.id); // makes it the newest
      this.objectsById.set(o.id, o);
    }
    for (const id of this.objectsById.keys()) {
      if (this.objectsById.size <= KNOWN) break;
      this.objectsById.delete(id);
    }
    return "";
  }

  /** Objects read from an image. Recent `objects` messages take precedence. */
  seePercept({ stamp, objects }: Percept): void {
    const told = this.seen.get("objects");
    if (told !== undefined && stamp - told < TOLD) return;
    for (const { id, position, std } of objects)
      this.objectsById.set(id, { id, position, orientation: [0, 0, 0, 1], positionStd: std, stamp });
  }

  seeImage(camera: string, image: Image): void {
    this.seen.set(camera, image.stamp);
  }

  /** Seconds since each input was last seen. */
  ages(now: Seconds): Record<string, Seconds> {
    return Object.fromEntries([...this.seen].map(([name, stamp]) => [name, now - stamp]));
  }

  private refuse(what: string, stamp: Seconds, count: number, now: Seconds): string {
    if (count > MOST) return `got ${count}, want at most ${MOST}`;
    if (!Number.isFinite(stamp)) return `got stamp ${stamp}`;
    if (!(stamp <= now + FUTURE)) return `got a stamp ${(stamp - now).toFixed(3)} s ahead of the clock`;
    const last = this.seen.get(what);
    return last !== undefined && stamp < last && !(now < last - BACK) ? "got a stamp older than the last" : "";
  }
}
