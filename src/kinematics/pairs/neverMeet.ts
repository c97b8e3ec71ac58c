import { hullSeparation } from "../shapes/hullSeparation.js";
import type { JointChain } from "../JointChain.js";
import type { Pieces } from "../shapes/Pieces.js";

export const MARGIN = 0.005; // m: what self_clearance is unless told, so that a pair left out would not have mattered

// times as large as points stray in a box of postures, a piece is rather looked at by its own pieces: a tenth of the
// work
const LARGE = 4;

/** Pieces that are not yet told apart in a box of postures, and where to begin. */
interface Doubt {
  readonly a: Pieces;
  readonly b: Pieces;
  readonly w: Float64Array;
}

/**
 * Whether two bodies that move with frames a < b of an arm stay 5 mm apart in every posture within its limits: a proof
 * by branch and bound over the joints between. From the middle of a box of half widths δ_j no point comes nearer by
 * more than Σ ρ_j δ_j, ρ_j being the farthest that one of the two is from joint j's axis. Hulls that are nearer than 5
 * mm in the middle are looked at by their pieces, and large pieces by theirs; others in the box's halves. Not proven
 * where pieces that are not parted are nearer, and where more than `most` separations had to be looked at.
 */
export function neverMeet(
  chain: JointChain,
  a: number,
  A: Pieces,
  b: number,
  B: Pieces,
  most: number,
): { proven: boolean; looked: number } {
  const n = b - a,
    { lo, hi } = chain;
  const rho = Array.from({ length: n }, (_, k) =>
    Math.min(chain.lever(a + k, a, A.hull), chain.lever(a + k, b, B.hull)),
  );
  const first = {
    middle: new Float64Array(n),
    half: new Float64Array(n),
    doubts: [{ a: A, b: B, w: new Float64Array(3) }] as readonly Doubt[],
  };
  for (let k = 0; k < n; k++) {
    const turns = chain.turns(a + k) && hi[a + k] - lo[a + k] >= 2 * Math.PI;
    first.middle[k] = turns ? 0 : (lo[a + k] + hi[a + k]) / 2;
    first.half[k] = turns ? Math.PI : (hi[a + k] - lo[a + k]) / 2;
  }
  const boxes = [first];
  let looked = 0;
  while (boxes.length > 0) {
    const { middle, half, doubts } = boxes.pop()!;
    let stray = 0,
      widest = 0;
    for (let k = 0; k < n; k++) {
      stray += rho[k] * half[k];
      if (rho[k] * half[k] > rho[widest] * half[widest]) widest = k;
    }
    const pose = chain.pose(a, b, middle),
      left: Doubt[] = [],
      open = [...doubts];
    for (let doubt = open.pop(); doubt !== undefined; doubt = open.pop()) {
      if (++looked > most) return { proven: false, looked };
      const apart = hullSeparation(doubt.a.hull, doubt.b.hull, pose, MARGIN + stray, doubt.w);
      if (apart >= MARGIN + stray) continue;
      const parts =
        apart < MARGIN || ((doubt.a !== A || doubt.b !== B) && Math.max(doubt.a.size, doubt.b.size) > LARGE * stray)
          ? halved(doubt)
          : [];
      if (parts.length > 0) open.push(...parts);
      else if (apart < MARGIN) return { proven: false, looked };
      else left.push(doubt);
    }
    if (left.length > 0)
      for (const side of [-0.5, 0.5]) {
        const m = middle.slice(),
          h = half.slice();
        m[widest] += side * half[widest];
        h[widest] *= 0.5;
        boxes.push({ middle: m, half: h, doubts: left.map((d) => ({ ...d, w: d.w.slice() })) });
      }
  }
  return { proven: true, looked };
}

/** The larger of two bodies by its parts, else the other; none where neither is parted. */
function halved({ a, b }: Doubt): Doubt[] {
  const byFirst = b.parts.length === 0 || (a.parts.length > 0 && a.size >= b.size);
  return (byFirst ? a : b).parts.map((part) => ({
    ...(byFirst ? { a: part, b } : { a, b: part }),
    w: new Float64Array(3),
  }));
}
