import { capsuleDistance } from "../../core/geometry/capsuleDistance.js";
import { cuts, whole, type Cover } from "./coverWithCapsules.js";

const HELPS = 0.9; // a cut that leaves more than this share of the missing distance is not made
const ends = new Float64Array(6),
  other = new Float64Array(6);

/** The distance of two covers' capsules, m. @param pose [12] of b's frame in a's */
export function coverDistance(a: Cover, b: Cover, pose: Float64Array): number {
  (ends.set(a.capsule.p0, 0), ends.set(a.capsule.p1, 3));
  for (const [o, p] of [
    [0, b.capsule.p0],
    [3, b.capsule.p1],
  ] as const)
    for (let r = 0; r < 3; r++)
      other[o + r] = pose[4 * r] * p[0] + pose[4 * r + 1] * p[1] + pose[4 * r + 2] * p[2] + pose[4 * r + 3];
  return capsuleDistance(ends, 0, a.capsule.radius, other, 0, b.capsule.radius);
}

/**
 * The best cut of either of two covers, which brings them closest to the wanted distance over some poses [12] of b's
 * frame in a's: the cover, and the two in its place. Undefined if none helps.
 * @param enough m
 */
export function cutApart(
  a: Cover,
  b: Cover,
  poses: readonly Float64Array[],
  enough: number,
): { readonly of: Cover; readonly parts: readonly Cover[] } | undefined {
  const left = (x: readonly Cover[], y: readonly Cover[]): number =>
    poses.reduce(
      (sum, pose) => sum + Math.max(0, ...x.flatMap((p) => y.map((o) => enough - coverDistance(p, o, pose)))),
      0,
    );
  let best: { of: Cover; parts: readonly Cover[]; left: number } | undefined;
  for (const c of [a, b])
    for (const parts of cuts(c)) {
      const found = c === a ? left(parts, [b]) : left([a], parts);
      if (found < (best?.left ?? Infinity)) best = { of: c, parts, left: found };
    }
  return best === undefined || best.left > HELPS * left([a], [b])
    ? undefined
    : { of: best.of, parts: best.parts.map(whole) };
}
