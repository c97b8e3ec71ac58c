const ROUNDS = 200;
const NEAR = 1e-6; // of the shortest gradient: a weaker common direction counts as none

/**
 * A direction along which several functions grow together: the point w of the convex hull of their gradients g_i that
 * is nearest to 0, for which g_i·w ≥ |w|² for every i (Gilbert 1966, by projections onto segments). There is one if and
 * only if 0 is not in the hull.
 *
 * @param w [n] out @param gradients [count,n], none of them 0
 * @returns whether there is one
 */
export function commonAscent(w: Float64Array, gradients: Float64Array, count: number): boolean {
  const n = w.length;
  if (count === 0) return false;
  let least = Infinity,
    start = 0;
  for (let i = 0; i < count; i++) {
    const size = dot(gradients, i * n, gradients, i * n, n);
    if (size < least) ((least = size), (start = i * n));
  }
  for (let j = 0; j < n; j++) w[j] = gradients[start + j];
  for (let round = 0; round < ROUNDS; round++) {
    let worst = Infinity,
      at = 0;
    for (let i = 0; i < count; i++) {
      const along = dot(gradients, i * n, w, 0, n);
      if (along < worst) ((worst = along), (at = i * n));
    }
    const size = dot(w, 0, w, 0, n);
    if (!(size > NEAR * NEAR * least)) return false;
    // close enough to the nearest: all grow, none less than half as much as possible
    if (worst >= 0.5 * size) return true;
    let way = 0;
    for (let j = 0; j < n; j++) way += (w[j] - gradients[at + j]) ** 2;
    const t = Math.min(1, (size - worst) / way);
    for (let j = 0; j < n; j++) w[j] += t * (gradients[at + j] - w[j]);
  }
  return false;
}

function dot(a: Float64Array, ia: number, b: Float64Array, ib: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += a[ia + j] * b[ib + j];
  return sum;
}
