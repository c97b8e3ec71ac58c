/**
 * Element i ≥ 1 of Halton's sequence in a base, in (0, 1): points whose coordinates have different primes for bases
 * fill a box evenly.
 */
export function halton(i: number, base: number): number {
  let f = 1,
    r = 0;
  for (let k = i; k > 0; k = Math.floor(k / base)) ((f /= base), (r += f * (k % base)));
  return r;
}
