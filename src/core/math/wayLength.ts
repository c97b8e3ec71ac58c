import type { Seconds } from "../Seconds.js";

const ASIDE = 0.1; // of the time that a joint's own way takes, beside that of the longest

/**
 * How long the straight way between two postures is: max_j t_j + κ Σ_j t_j, t_j = |b_j − a_j|/V_j the time that a joint
 * takes at full speed. The first is the least time of the whole way; with it alone every joint but one would move as it
 * likes, free of charge.
 *
 * @param V [n] rad/s
 */
export function wayLength(
  a: ArrayLike<number>,
  ia: number,
  b: ArrayLike<number>,
  ib: number,
  V: ArrayLike<number>,
  n: number,
): Seconds {
  let longest = 0,
    sum = 0;
  for (let j = 0; j < n; j++) {
    const t = Math.abs(b[ib + j] - a[ia + j]) / V[j];
    sum += t;
    if (t > longest) longest = t;
  }
  return longest + ASIDE * sum;
}
