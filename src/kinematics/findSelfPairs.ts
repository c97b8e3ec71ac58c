import { capsuleDistance } from "../core/capsuleDistance.js";
import { Rng } from "../core/Rng.js";
import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";

const SAMPLES = 2000;
const ALWAYS = 0.98; // of the samples
const NEAR = 0.03; // m

/**
 * Pairs [np,2] of capsules that must stay apart, as MoveIt's setup assistant finds its collision matrix: all pairs but those of one link
 * or of links that share a joint, those in `ignore` (by pair of capsule indices), those that overlap at home, those that overlap in 98 %
 * of seeded random configurations, and those two joints apart that never get farther than 3 cm: their overlap is the capsules', not the
 * arm's. Pairs that were never seen to touch are kept: a sample proves nothing of that kind.
 */
export function findSelfPairs(arm: Omit<Arm, "selfPairs">, ignore: (a: number, b: number) => boolean): Int32Array {
  const { capsules, nq, limits } = arm, nc = capsules.length;
  const candidates: { a: number; b: number; overlaps: number; farthest: number }[] = [];
  const kinematics = new Kinematics({ ...arm, selfPairs: new Int32Array(0) });
  const ends = new Float64Array(nc * 6), q = new Float64Array(nq), rng = new Rng(7);
  const distance = (a: number, b: number): number => capsuleDistance(ends, a * 6, capsules[a].radius, ends, b * 6, capsules[b].radius);

  kinematics.forward(arm.home, 0);
  kinematics.writeCapsules(ends, 0);
  for (let a = 0; a < nc; a++)
    for (let b = a + 1; b < nc; b++) {
      if (Math.abs(capsules[a].link - capsules[b].link) <= 1 || ignore(a, b) || distance(a, b) < 0) continue;
      candidates.push({ a, b, overlaps: 0, farthest: -Infinity });
    }
  for (let k = 0; k < SAMPLES; k++) {
    for (let j = 0; j < nq; j++) q[j] = rng.range(limits.lo[j], limits.hi[j]);
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    for (const pair of candidates) {
      const d = distance(pair.a, pair.b);
      if (d < 0) pair.overlaps++;
      if (d > pair.farthest) pair.farthest = d;
    }
  }
  const kept = candidates.filter(({ a, b, overlaps, farthest }) => overlaps < ALWAYS * SAMPLES && !(farthest < NEAR && Math.abs(capsules[a].link - capsules[b].link) <= 2));
  return Int32Array.from(kept.flatMap(({ a, b }) => [a, b]));
}
