import { capsuleDistance } from "../core/capsuleDistance.js";
import { Rng } from "../core/Rng.js";
import { cuts, piecesOf, whole, type Cover } from "./coverWithCapsules.js";
import type { JointChain } from "./JointChain.js";
import type { PairProofs } from "./PairProofs.js";
import { piecesApart } from "./Pieces.js";

const SAMPLES = 300;
const APART = 0.01; // m: capsules nearer than this hinder
const HELPS = 0.9; // a cut that leaves more than this of how far they are too near is not made
const NEVER_FAR = 0.03; // m
const FEW = 0.01; // of the samples that a pair may be hindered in for nothing

/**
 * Cuts covers in two where their capsules hinder the arm for nothing: in seeded random postures, pairs of capsules two joints apart or more come within
 * 1 cm though what they hold does not. The worst pair is seen to first, by that cut of either that helps most, until no pair is hindered in 1 % of
 * the postures, cuts help no more, or there are `most` covers. No cut is spent on a pair that will not be kept apart: proven never to meet, or
 * two joints apart, never farther than 3 cm and not seen to meet.
 */
export function refineCovers(covers: readonly Cover[], chain: JointChain, most: number, proofs: PairProofs): Cover[] {
  const rng = new Rng(11), nq = chain.lo.length;
  const postures = Array.from({ length: SAMPLES }, () => Float64Array.from({ length: nq }, (_, j) => rng.range(chain.lo[j], chain.hi[j])));
  const ends = new Float64Array(6), other = new Float64Array(6);
  const poses = new Map<number, Float64Array[]>();
  const pose = (a: number, b: number): Float64Array[] => poses.get(64 * a + b) ?? poses.set(64 * a + b, postures.map((q) => chain.pose(a, b, q.subarray(a, b)))).get(64 * a + b)!;

  /** How much nearer than 1 cm a capsule of the one is to the other's, m. */
  const depth = (x: Cover, y: Cover, k: number): number => {
    const [a, b] = x.frame < y.frame ? [x, y] : [y, x], t = pose(a.frame, b.frame)[k];
    ends.set(a.capsule.p0, 0), ends.set(a.capsule.p1, 3);
    for (const [o, p] of [[0, b.capsule.p0], [3, b.capsule.p1]] as const) for (let r = 0; r < 3; r++) other[o + r] = t[4 * r] * p[0] + t[4 * r + 1] * p[1] + t[4 * r + 2] * p[2] + t[4 * r + 3];
    return APART - capsuleDistance(ends, 0, a.capsule.radius, other, 0, b.capsule.radius);
  };
  /** The postures in which two covers hinder for nothing. */
  const hindered = (a: Cover, b: Cover): number[] => {
    const between = pose(a.frame, b.frame), found: number[] = [];
    for (let k = 0; k < SAMPLES; k++) if (depth(a, b, k) > 0 && piecesApart(piecesOf(a), piecesOf(b), between[k], APART)) found.push(k);
    return found;
  };
  const seen = new Map<Cover, Map<Cover, number[]>>(), hopeless = new Set<number[]>(); // or needless
  const between = (a: Cover, b: Cover): number[] => {
    const row = seen.get(a) ?? seen.set(a, new Map()).get(a)!;
    return row.get(b) ?? row.set(b, hindered(a, b)).get(b)!;
  };
  let list = [...covers];
  while (list.length < most) {
    let worst: { a: Cover; b: Cover; in: number[] } | undefined;
    for (const a of list)
      for (const b of list) {
        if (b.frame - a.frame < 2) continue;
        const found = between(a, b);
        if (proofs.asMade(a.link, b.link)) continue;
        if (found.length > FEW * SAMPLES && found.length > (worst?.in.length ?? 0) && !hopeless.has(found)) worst = { a, b, in: found };
      }
    if (worst === undefined) break;
    const { a, b } = worst;
    const x = { ...a, pieces: piecesOf(a) }, y = { ...b, pieces: piecesOf(b) }, closest = worst.in[0], never = (k: number): boolean => depth(a, b, k) > APART - NEVER_FAR;
    if (proofs.neverMeet(x, y, postures[closest]) || (postures.every((_, k) => never(k)) && proofs.seenApart(x, y))) {
      hopeless.add(worst.in);
      continue;
    }
    const sum = (parts: readonly Cover[], o: Cover): number => worst.in.reduce((total, k) => total + Math.max(0, ...parts.map((p) => depth(p, o, k))), 0);
    let best: { of: Cover; parts: readonly Cover[]; left: number } | undefined;
    for (const [c, o] of [[a, b], [b, a]] as const)
      for (const parts of cuts(c)) {
        const left = sum(parts, o);
        if (left < (best?.left ?? Infinity)) best = { of: c, parts, left };
      }
    if (best === undefined || best.left > HELPS * sum([a], b)) hopeless.add(worst.in);
    else list = list.flatMap((c) => (c === best.of ? best.parts.map(whole) : [c]));
  }
  return list;
}
