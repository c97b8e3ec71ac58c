import { hullSeparation } from "./hullSeparation.js";
import type { JointChain } from "./JointChain.js";
import type { SupportTree } from "./SupportTree.js";

export const MARGIN = 0.005; // m: what self_clearance is unless told, so that a pair left out would not have mattered

/**
 * Whether two hulls that move with frames a < b of an arm stay 5 mm apart in every posture within its limits: a proof by branch and bound over the
 * joints between. From the middle of a box of half widths δ_j no point comes nearer by more than Σ ρ_j δ_j, ρ_j being the
 * farthest that one of the two hulls is from joint j's axis. Not proven where a posture is nearer, and where more than `most` boxes had to be looked at.
 */
export function neverMeet(chain: JointChain, a: number, A: SupportTree, b: number, B: SupportTree, most: number): { proven: boolean; looked: number } {
  const n = b - a, { lo, hi } = chain;
  const rho = Array.from({ length: n }, (_, k) => Math.min(chain.lever(a + k, a, A), chain.lever(a + k, b, B)));
  const boxes: { middle: Float64Array; half: Float64Array; w: Float64Array }[] = [];
  const first = { middle: new Float64Array(n), half: new Float64Array(n), w: Float64Array.of(1, 0, 0) };
  for (let k = 0; k < n; k++) {
    const turns = chain.turns(a + k) && hi[a + k] - lo[a + k] >= 2 * Math.PI;
    first.middle[k] = turns ? 0 : (lo[a + k] + hi[a + k]) / 2;
    first.half[k] = turns ? Math.PI : (hi[a + k] - lo[a + k]) / 2;
  }
  boxes.push(first);
  let looked = 0;
  for (; boxes.length > 0; looked++) {
    if (looked > most) return { proven: false, looked };
    const { middle, half, w } = boxes.pop()!;
    let stray = 0, widest = 0;
    for (let k = 0; k < n; k++) {
      stray += rho[k] * half[k];
      if (rho[k] * half[k] > rho[widest] * half[widest]) widest = k;
    }
    const apart = hullSeparation(A, B, chain.pose(a, b, middle), MARGIN + stray, w);
    if (apart >= MARGIN + stray) continue;
    if (apart < MARGIN) return { proven: false, looked };
    for (const side of [-0.5, 0.5]) {
      const m = middle.slice(), h = half.slice();
      m[widest] += side * half[widest];
      h[widest] *= 0.5;
      boxes.push({ middle: m, half: h, w: w.slice() });
    }
  }
  return { proven: true, looked };
}
