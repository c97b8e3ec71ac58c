import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Image } from "../../core/Observation.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Percept } from "../../core/Percept.js";
import { TrackedBodies, type HiddenBody, type TrackingBounds } from "./TrackedBodies.js";

// a tracker's beginning may be ahead of the clock, whose estimate of simulated time falls behind on a busy machine
const VOID: Seconds = 1;
const MOST = 256; // bodies or objects in one message
const KNOWN = 256; // objects that are believed in
const FUTURE: Seconds = 0.02;
const TOLD: Seconds = 2; // after poses were told, what images show is not asked
const BACK: Seconds = 0.1; // that the clock must have gone back for an older stamp to count
const FAR = 1e6; // m or m/s: no place, size or speed of anything near an arm

/**
 * What is known of the world that is not perceived now. An object stays believed where it was last seen, with the time
 * of that observation, until 256 were told of since; of bodies, and of what messages no longer mention of them, see
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

  /** Parts that stay although the last message does not tell of them. */
  get hidden(): readonly HiddenBody[] {
    return this.tracked.hidden;
  }

  /** Regions where somebody may be, before those least near were put together. */
  get bodiesKnown(): number {
    return this.tracked.known;
  }

  /** Of the last message about bodies, even one that names none. */
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

  /** The tracker of bodies began anew after that moment: what it told before is void. @returns as `seeBodies` */
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
      this.objectsById.delete(o.id); // to be the newest
      this.objectsById.set(o.id, o);
    }
    for (const id of this.objectsById.keys()) {
      if (this.objectsById.size <= KNOWN) break;
      this.objectsById.delete(id);
    }
    return "";
  }

  /** What an image was understood to show; poses that somebody else tells go first. */
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
