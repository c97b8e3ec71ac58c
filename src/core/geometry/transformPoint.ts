/**
 * out[3] = R·x + p, the point x[3] carried by the transform t (rows of 3×4, 12 numbers from the offset). `out` may be
 * `x`.
 */
export function transformPoint(
  out: Float64Array,
  io: number,
  t: Float64Array,
  it: number,
  x: Float64Array,
  ix: number,
): Float64Array {
  const x0 = x[ix],
    x1 = x[ix + 1],
    x2 = x[ix + 2];
  out[io] = t[it] * x0 + t[it + 1] * x1 + t[it + 2] * x2 + t[it + 3];
  out[io + 1] = t[it + 4] * x0 + t[it + 5] * x1 + t[it + 6] * x2 + t[it + 7];
  out[io + 2] = t[it + 8] * x0 + t[it + 9] * x1 + t[it + 10] * x2 + t[it + 11];
  return out;
}
