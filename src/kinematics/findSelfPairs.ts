import { capsuleDistance } from "../core/capsuleDistance.js";
import { Rng } from "../core/Rng.js";
import type { CoveredArm } from "./capsulesFromUrdf.js";
import type { Arm, ExcludedPair } from "./Arm.js";
import type { JointChain } from "./JointChain.js";
import { Kinematics } from "./Kinematics.js";
import { neverMeet } from "./neverMeet.js";
import { grazingKey } from "./refineCovers.js";
import { SupportTree } from "./SupportTree.js";

const SAMPLES = 2000;
const ALWAYS = 0.98; // of the samples
const NEVER_FAR = 0.03; // m
const EFFORT = 400; // boxes that a proof may look at, and
const MORE = 6000; // where the pair hinders the arm in 0.5 % of the samples

/**
 * Pairs [np,2] of capsules that must stay apart, and those left out with the reason: of one link, or of links that share a joint; told to be
 * ignored; capsules that overlap at home, or in 98 % of seeded random postures, or that are two joints apart, never
 * farther than 3 cm and whose hulls were not seen to meet: their overlap is the capsules', not the arm's; and those that would hinder the arm somewhere, though what they were fitted to (`hulls`) can be shown to stay apart in
 * every posture (`neverMeet`). Pairs that were never seen to touch are kept: a sample proves nothing of that kind.
 */
export function findSelfPairs(arm: Omit<Arm, "selfPairs">, chain: JointChain, { capsules: covered, grazing }: CoveredArm, ignore: (a: number, b: number) => boolean): { pairs: Int32Array; excluded: readonly ExcludedPair[] } {
  const { capsules, nq, limits } = arm, nc = capsules.length;
  const hulls: SupportTree[] = [], hull = (c: number): SupportTree => (hulls[c] ??= new SupportTree(covered[c].balls));
  const given = covered.length > 0 && covered.every((c) => c.balls.length === 8); // nothing is known but the capsules
  const grazes = (i: number, k: number, farthest: number): boolean =>
    capsules[k].link - capsules[i].link === 2 && (given ? farthest < NEVER_FAR : grazing.has(grazingKey(covered[i].of, covered[k].of)));
  const candidates: { a: number; b: number; overlaps: number; nearest: number; farthest: number }[] = [];
  const excluded: ExcludedPair[] = [];
  const leave = (a: number, b: number, why: ExcludedPair["why"]): void => void excluded.push({ a: capsules[a].name, b: capsules[b].name, why });
  const kinematics = new Kinematics({ ...arm, selfPairs: new Int32Array(0) });
  const ends = new Float64Array(nc * 6), q = new Float64Array(nq), rng = new Rng(7);
  const distance = (a: number, b: number): number => capsuleDistance(ends, a * 6, capsules[a].radius, ends, b * 6, capsules[b].radius);

  kinematics.forward(arm.home, 0);
  kinematics.writeCapsules(ends, 0);
  for (let a = 0; a < nc; a++)
    for (let b = a + 1; b < nc; b++) {
      const joints = Math.abs(capsules[a].link - capsules[b].link);
      if (joints === 0) continue;
      if (joints === 1) leave(a, b, "links that share a joint");
      else if (ignore(a, b)) leave(a, b, "told to be ignored");
      else if (distance(a, b) < 0) leave(a, b, "overlap at home");
      else candidates.push({ a, b, overlaps: 0, nearest: Infinity, farthest: -Infinity });
    }
  for (let k = 0; k < SAMPLES; k++) {
    for (let j = 0; j < nq; j++) q[j] = rng.range(limits.lo[j], limits.hi[j]);
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    for (const pair of candidates) {
      const d = distance(pair.a, pair.b);
      if (d < 0) pair.overlaps++;
      pair.nearest = Math.min(pair.nearest, d);
      pair.farthest = Math.max(pair.farthest, d);
    }
  }
  const kept = candidates.filter(({ a, b, overlaps, nearest, farthest }) => {
    const [i, k] = capsules[a].link < capsules[b].link ? [a, b] : [b, a], joints = capsules[k].link - capsules[i].link;
    const hinders = nearest < NEVER_FAR && joints <= 3; // more joints between come near each other somewhere
    if (grazes(i, k, farthest)) return leave(a, b, "never far apart, nor seen to meet");
    const effort = overlaps > 0.005 * SAMPLES ? MORE : EFFORT;
    if (hinders && neverMeet(chain, capsules[i].link, hull(i), capsules[k].link, hull(k), effort)) return leave(a, b, "proven never to meet");
    if (overlaps >= ALWAYS * SAMPLES) return leave(a, b, "overlap nearly always");
    return true;
  });
  return { pairs: Int32Array.from(kept.flatMap(({ a, b }) => [a, b])), excluded };
}
