import { Rng } from "../../core/math/Rng.js";
import { piecesOf, type Cover } from "./coverWithCapsules.js";
import { coverDistance, cutApart } from "./cutApart.js";
import type { JointChain } from "../JointChain.js";
import type { PairProofs } from "../pairs/PairProofs.js";
import { piecesApart } from "./Pieces.js";

const SAMPLES = 300;
const APART = 0.01; // m: capsules nearer than this block motion
const NEVER_FAR = 0.03; // m
const FEW = 0.01; // share of the samples in which a pair may block free motion

/**
 * Cuts covers in two if their capsules block free motion: in seeded random postures, pairs of capsules two joints apart
 * or more come within 1 cm although their contents do not. The worst pair comes first, with the cut of either that
 * helps most, until no pair blocks free motion in 1 % of the postures, cuts no longer help, or there are `most` covers.
 * Pairs that will not be kept apart are not cut: proven never to meet, or two joints apart, never farther than 3 cm and
 * without a contact in the samples.
 */
export function refineCovers(covers: readonly Cover[], chain: JointChain, most: number, proofs: PairProofs): Cover[] {
  const rng = new Rng(11),
    nq = chain.lo.length;
  const postures = Array.from({ length: SAMPLES }, () =>
    Float64Array.from({ length: nq }, (_, j) => rng.range(chain.lo[j], chain.hi[j])),
  );
  const poses = new Map<number, Float64Array[]>();
  const pose = (a: number, b: number): Float64Array[] =>
    poses.get(64 * a + b) ??
    poses
      .set(
        64 * a + b,
        postures.map((q) => chain.pose(a, b, q.subarray(a, b))),
      )
      .get(64 * a + b)!;

  /** The postures in which two covers block free motion. */
  const hindered = (a: Cover, b: Cover): number[] => {
    const between = pose(a.frame, b.frame),
      found: number[] = [];
    for (let k = 0; k < SAMPLES; k++)
      if (coverDistance(a, b, between[k]) < APART && piecesApart(piecesOf(a), piecesOf(b), between[k], APART))
        found.push(k);
    return found;
  };
  const seen = new Map<Cover, Map<Cover, number[]>>(),
    hopeless = new Set<number[]>(); // or needless
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
        if (found.length > FEW * SAMPLES && found.length > (worst?.in.length ?? 0) && !hopeless.has(found))
          worst = { a, b, in: found };
      }
    if (worst === undefined) break;
    const { a, b } = worst;
    const x = { ...a, pieces: piecesOf(a) },
      y = { ...b, pieces: piecesOf(b) },
      at = pose(a.frame, b.frame);
    if (
      proofs.neverMeet(x, y, postures[worst.in[0]]) ||
      (at.every((t) => coverDistance(a, b, t) < NEVER_FAR) && proofs.seenApart(x, y))
    ) {
      hopeless.add(worst.in);
      continue;
    }
    const cut = cutApart(
      a,
      b,
      worst.in.map((k) => at[k]),
      APART,
    );
    if (cut === undefined) hopeless.add(worst.in);
    else list = list.flatMap((c) => (c === cut.of ? cut.parts : [c]));
  }
  return list;
}
