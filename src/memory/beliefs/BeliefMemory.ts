import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Held } from "../../core/Held.js";
import type { InHand } from "../../core/InHand.js";
import type { Image } from "../../core/Observation.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Percept } from "../../core/Percept.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { Thing } from "../../core/Thing.js";
import { checkThing } from "./checkThing.js";
import { FusedSights } from "./FusedSights.js";
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
 * of that observation, until 256 newer objects are known. One whose shape is known is believed at the mean of its last
 * sights while they agree (`FusedSights`), and one in the hand moves with the tool. For bodies, and parts that messages
 * no longer contain, see `TrackedBodies`.
 */
export class BeliefMemory {
  readonly objectsById = new Map<string, Belief>();
  /** Shapes of movable things, by id; empty for a robot without a gripper. */
  readonly things = new Map<string, Thing>();
  /** The hand, what it holds, and the shapes above; empty for a robot without a gripper. */
  inHand: InHand = {};
  private readonly tracked: TrackedBodies;
  private readonly pose = new Float64Array(12);
  private readonly turn = new Float64Array(4);
  private readonly sights = new FusedSights();
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
      const carried = o.id === this.inHand.held?.id ? this.objectsById.get(o.id) : undefined,
        thing = this.things.get(o.id);
      this.objectsById.delete(o.id); // makes it the newest
      this.objectsById.set(o.id, carried ?? (thing === undefined ? o : this.sights.take(o, thing.round)));
    }
    for (const id of this.objectsById.keys()) {
      if (this.objectsById.size <= KNOWN) break;
      this.objectsById.delete(id);
    }
    return "";
  }

  /** Takes shapes of movable things. @returns why one was refused, and with it all; "" if taken */
  seeThings(things: readonly Thing[]): string {
    if (things.length > MOST) return `got ${things.length} shapes, want at most ${MOST}`;
    for (const thing of things) {
      const refusal = checkThing(thing);
      if (refusal !== "") return refusal;
    }
    for (const thing of things) {
      this.things.delete(thing.id); // makes it the newest
      this.things.set(thing.id, thing);
    }
    for (const id of this.things.keys()) {
      if (this.things.size <= KNOWN) break;
      this.things.delete(id);
    }
    return "";
  }

  /** A held thing is where the hand has it: T_tool · T_held. @param tool [12] in the base frame, m */
  carry({ id, pose, positionStd }: Held, tool: Float64Array, stamp: Seconds): void {
    mulTransform(this.pose, 0, tool, 0, pose, 0);
    const [x, y, z, w] = quatFromTransform(this.turn, 0, this.pose, 0);
    const position = [this.pose[3], this.pose[7], this.pose[11]] as const;
    this.objectsById.set(id, { id, position, orientation: [x, y, z, w], positionStd, stamp });
    this.sights.forget(id);
  }

  /** A thing is where it was seen, not where it was believed. */
  correct(seen: Belief): void {
    this.sights.forget(seen.id);
    this.objectsById.set(seen.id, seen);
  }

  /** Objects read from an image. Recent `objects` messages take precedence. */
  seePercept({ stamp, objects }: Percept): void {
    const told = this.seen.get("objects");
    if (told !== undefined && stamp - told < TOLD) return;
    for (const { id, position, std } of objects)
      if (id !== this.inHand.held?.id)
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
