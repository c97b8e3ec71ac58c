import { capsuleDistance } from "../core/geometry/capsuleDistance.js";
import { mulTransform } from "../core/geometry/mulTransform.js";
import { transformPoint } from "../core/geometry/transformPoint.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import type { Held } from "../core/Held.js";
import { Rng } from "../core/math/Rng.js";
import type { Arm, LinkCapsule } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";
import { capsulesOfParts } from "./shapes/capsulesOfParts.js";

const DEVIATIONS = 3; // of its place in the hand, by which the thing is grown
const SAMPLES = 200; // postures
const ALWAYS = 0.97; // of them

/**
 * The arm with a thing in its hand. Its last link gets more capsules, the last of the list, which enclose the thing:
 * its parts, grown by three standard deviations of its place in the hand. They move as the hand does, so whatever
 * counts capsules counts them too.
 *
 * Each is kept apart from all links but the last two. Of links that the hand itself is not kept apart from, those are
 * left out that the thing overlaps nearly always (by design: the enclosures of a wrist overlap).
 *
 * Its mass is none of the arm's: it may weigh anything up to `held.mass`, and it may slip. `TorqueLimit` takes it as a
 * load.
 *
 * @throws RangeError if the arm holds something already, a part is a half-space, or a number is not finite
 */
export function armHolding(arm: Arm, held: Held): Arm {
  if (arm.held !== undefined) throw new RangeError(`held: got ${held.id}, but the arm holds ${arm.held.id} already`);
  if (!(held.positionStd >= 0))
    throw new RangeError(`held ${held.id}: got a positionStd of ${held.positionStd} m, want at least 0 m`);
  const { nq } = arm;
  const pose = mulTransform(new Float64Array(12), 0, arm.toolOffset, 0, held.pose, 0);
  const place = (p: Vec3): Vec3 => {
    const x = transformPoint(new Float64Array(3), 0, pose, 0, Float64Array.from(p), 0);
    return [x[0], x[1], x[2]];
  };
  const more = capsulesOfParts(held.parts, DEVIATIONS * held.positionStd).map(({ p0, p1, radius }, i): LinkCapsule => ({
    name: i === 0 ? held.id : `${held.id} ${i + 1}`,
    link: nq,
    p0: place(p0),
    p1: place(p1),
    radius,
    held: true,
  }));
  for (const { p0, p1, radius } of more)
    if (![...p0, ...p1, radius].every(Number.isFinite))
      throw new RangeError(`held ${held.id}: got a part or pose that is not finite, want metres`);
  const capsules = [...arm.capsules, ...more];
  return { ...arm, held, capsules, selfPairs: Int32Array.from([...arm.selfPairs, ...pairs({ ...arm, capsules })]) };
}

/** [2·P] the pairs of a held capsule and a link that must stay apart. */
function pairs(arm: Arm): number[] {
  const { nq, capsules, selfPairs } = arm;
  const hand = new Set<number>(); // links' capsules that the hand is kept apart from
  for (let p = 0; p < selfPairs.length; p += 2)
    for (const [a, b] of [
      [selfPairs[p], selfPairs[p + 1]],
      [selfPairs[p + 1], selfPairs[p]],
    ])
      if (capsules[a].link === nq) hand.add(b);
  const kept: number[] = [],
    doubtful: [a: number, b: number][] = [];
  capsules.forEach(({ held }, c) => {
    if (held !== true) return;
    capsules.forEach((other, b) => {
      if (other.link > nq - 2) return;
      if (hand.has(b)) kept.push(b, c);
      else doubtful.push([b, c]);
    });
  });
  for (const [b, c] of apart(arm, doubtful)) kept.push(b, c);
  return kept;
}

/** Of some pairs those that do not overlap nearly always, over sampled postures. */
function apart(arm: Arm, of: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  if (of.length === 0) return of;
  const { nq, capsules, limits } = arm,
    kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * capsules.length),
    q = new Float64Array(nq),
    rng = new Rng(7),
    overlaps = of.map(() => 0);
  for (let s = 0; s < SAMPLES; s++) {
    for (let j = 0; j < nq; j++) q[j] = rng.range(limits.lo[j], limits.hi[j]);
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    of.forEach(([a, b], p) => {
      if (capsuleDistance(ends, 6 * a, capsules[a].radius, ends, 6 * b, capsules[b].radius) < 0) overlaps[p]++;
    });
  }
  return of.filter((_, p) => overlaps[p] < ALWAYS * SAMPLES);
}
