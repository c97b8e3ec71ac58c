import { capsuleDistance } from "../../core/geometry/capsuleDistance.js";
import { Rng } from "../../core/math/Rng.js";
import type { CoveredCapsule } from "../shapes/capsulesFromUrdf.js";
import type { Arm, ExcludedPair } from "../Arm.js";
import { Kinematics } from "../Kinematics.js";
import { MARGIN } from "./neverMeet.js";
import { drawNearest } from "./drawNearest.js";
import type { PairProofs } from "./PairProofs.js";

const SAMPLES = 2000;
const NEVER_FAR = 0.03; // m
const CERTAIN: readonly ExcludedPair["why"][] = [
  "links that share a joint",
  "excluded by the robot file",
  "proven never to meet",
];
const ALWAYS = 0.98; // of the samples
const ROOM = 0.006; // m, between all capsules at home: some links are never far from each other
const NEAR = 0.03; // m: capsules that come no nearer in the samples do not block motion

/** Two capsules that are too near at home. */
interface AtHome {
  readonly names: string;
  readonly distance: number; // m
}

/**
 * Pairs [np,2] of capsules that must stay apart, and the excluded ones with the reason. Excluded are pairs of one link
 * or of links that share a joint; pairs that the robot file excludes; and pairs that would block motion somewhere
 * although their shapes are proven to stay apart in every posture (`PairProofs`). A pair without contact in the samples
 * is kept, because samples are no proof. Excluded without proof, and reported at the start (`unproven`), are pairs that
 * overlap in 98 % of seeded random postures, or are two joints apart, never farther than 3 cm and without a contact in
 * the samples: otherwise the arm could not move. A pair that overlaps only at home is kept: home is then not a valid
 * posture, and neither is one with pairs nearer than 5 mm (`atHome`, the overlapping first; `clear`: the nearest
 * sampled posture without such a pair; undefined if home is valid, or none is found).
 */
export function findSelfPairs(
  arm: Omit<Arm, "selfPairs">,
  covered: readonly CoveredCapsule[],
  proofs: PairProofs,
  ignore: (a: number, b: number) => boolean,
): { pairs: Int32Array; excluded: readonly ExcludedPair[]; atHome: readonly AtHome[]; clear?: Float64Array } {
  const { capsules, nq, limits } = arm,
    nc = capsules.length;
  const candidates: {
    a: number;
    b: number;
    home: number;
    overlaps: number;
    nearest: number;
    farthest: number;
    at: Float64Array;
  }[] = [];
  const excluded: ExcludedPair[] = [];
  const leave = (a: number, b: number, why: ExcludedPair["why"]): void =>
    void excluded.push({ a: capsules[a].name, b: capsules[b].name, why, unproven: !CERTAIN.includes(why) });
  const kinematics = new Kinematics({ ...arm, selfPairs: new Int32Array(0) });
  const ends = new Float64Array(nc * 6),
    q = new Float64Array(nq),
    rng = new Rng(7);
  const distance = (a: number, b: number): number =>
    capsuleDistance(ends, a * 6, capsules[a].radius, ends, b * 6, capsules[b].radius);

  kinematics.forward(arm.home, 0);
  kinematics.writeCapsules(ends, 0);
  for (let a = 0; a < nc; a++)
    for (let b = a + 1; b < nc; b++) {
      const joints = Math.abs(capsules[a].link - capsules[b].link);
      if (joints === 0) continue;
      if (joints === 1) leave(a, b, "links that share a joint");
      else if (ignore(a, b)) leave(a, b, "excluded by the robot file");
      else
        candidates.push({
          a,
          b,
          home: distance(a, b),
          overlaps: 0,
          nearest: Infinity,
          farthest: -Infinity,
          at: q.slice(),
        });
    }
  for (let k = 0; k < SAMPLES; k++) {
    for (let j = 0; j < nq; j++) q[j] = rng.range(limits.lo[j], limits.hi[j]);
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    for (const pair of candidates) {
      const d = distance(pair.a, pair.b);
      if (d < 0) pair.overlaps++;
      pair.farthest = Math.max(pair.farthest, d);
      if (d < pair.nearest) ((pair.nearest = d), pair.at.set(q));
    }
  }
  const kept = candidates.filter(({ a, b, overlaps, nearest, farthest, at }) => {
    const moving = (c: number) => ({ frame: capsules[c].link, pieces: covered[c].pieces });
    if (nearest < NEAR && proofs.neverMeet(moving(a), moving(b), at)) return leave(a, b, "proven never to meet");
    const two = Math.abs(capsules[a].link - capsules[b].link) === 2;
    if (two && (covered[a].given ? farthest < NEVER_FAR : proofs.asMade(covered[a].of, covered[b].of)))
      return leave(a, b, "close to each other by design, no contact found");
    if (overlaps >= ALWAYS * SAMPLES) return leave(a, b, "overlap nearly always");
    return true;
  });
  const atHome = kept
    .filter((pair) => pair.home < MARGIN)
    .sort((x, y) => x.home - y.home)
    .map(({ a, b, home }) => ({ names: `${capsules[a].name} and ${capsules[b].name}`, distance: home }));
  return {
    pairs: Int32Array.from(kept.flatMap(({ a, b }) => [a, b])),
    excluded,
    atHome,
    clear: atHome.length > 0 ? clearPosture() : undefined,
  };

  function clearPosture(): Float64Array | undefined {
    const room = (q: Float64Array): number => {
      kinematics.forward(q, 0);
      kinematics.writeCapsules(ends, 0);
      return kept.reduce((least, { a, b }) => Math.min(least, distance(a, b)), Infinity);
    };
    return drawNearest(limits, arm.home, (q) => room(q) > ROOM, rng);
  }
}
