import { hullSeparation } from "../shapes/hullSeparation.js";
import type { JointChain } from "../JointChain.js";
import type { Pieces } from "../shapes/Pieces.js";

export const MARGIN = 0.005; // m: the default of self_clearance, so that an excluded pair would not have mattered

// a piece this many times larger than the motion of points in a box of postures is divided into its own pieces: a tenth
// of the work
const LARGE = 4;

/** Pieces that are not yet proven apart in a box of postures, and the start of the next separation. */
interface Doubt {
  readonly a: Pieces;
  readonly b: Pieces;
  readonly w: Float64Array;
}

/**
 * Whether two bodies that move with frames a < b of an arm stay 5 mm apart in every posture within its limits: a proof
 * by branch and bound over the joints between. Within a box of half widths δ_j no point comes nearer than at its centre
 * by more than Σ ρ_j δ_j, with ρ_j the largest distance of either body from joint j's axis. Hulls that are nearer than
 * 5 mm at the centre are divided into their pieces, and so are large pieces; others are checked in the box's halves.
 * There is no proof if pieces that cannot be divided are nearer, or if it takes more than `most` separations.
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

/** The pieces of the larger of two bodies, else of the other; none if neither can be divided. */
function halved({ a, b }: Doubt): Doubt[] {
  const byFirst = b.parts.length === 0 || (a.parts.length > 0 && a.size >= b.size);
  return (byFirst ? a : b).parts.map((part) => ({
    ...(byFirst ? { a: part, b } : { a, b: part }),
    w: new Float64Array(3),
  }));
}
