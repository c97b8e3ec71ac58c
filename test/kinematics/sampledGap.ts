/**
 * The least distance of two segments a and b of `ends` [*,6] by looking at points along both, one n-th of their lengths
 * apart, m: never less than the true one.
 */
export function sampledGap(ends: Float64Array, a: number, b: number, n: number): number {
  const along = (i: number, s: number, c: number): number =>
    ends[6 * i + c] + s * (ends[6 * i + 3 + c] - ends[6 * i + c]);
  let least = Infinity;
  for (let s = 0; s <= n; s++)
    for (let u = 0; u <= n; u++)
      least = Math.min(least, Math.hypot(...[0, 1, 2].map((c) => along(a, s / n, c) - along(b, u / n, c))));
  return least;
}
