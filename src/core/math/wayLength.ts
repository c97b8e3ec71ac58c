import type { Seconds } from "../Seconds.js";

const ASIDE = 0.1; // κ: weight of each joint's own time, beside the longest

/**
 * Length of the straight path between two postures: max_j t_j + κ Σ_j t_j, t_j = |b_j − a_j|/V_j the time that a joint
 * takes at full speed. The first term is the least time of the whole path; with it alone, the motion of every joint but
 * one would cost nothing.
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
