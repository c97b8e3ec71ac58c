import type { JointLimits } from "../../core/JointLimits.js";
import type { Rng } from "../../core/math/Rng.js";

const EACH = 100; // draws at each tenth of the way

/**
 * The first posture [nq] that is good, of those drawn at a tenth of the way from one posture to anywhere within the
 * limits, then at two tenths, and so on.
 */
export function drawNearest(
  { lo, hi }: JointLimits,
  from: Float64Array,
  good: (q: Float64Array) => boolean,
  rng: Rng,
): Float64Array | undefined {
  for (let far = 0.1; far < 1.05; far += 0.1)
    for (let k = 0; k < EACH; k++) {
      const q = from.map((x, j) => x + far * (rng.range(lo[j], hi[j]) - x));
      if (good(q)) return q;
    }
  return undefined;
}
