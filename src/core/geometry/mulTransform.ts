/**
 * out = a · b, the pose of c in a's frame when b is the pose of c in b's. Transforms are rows of the 3×4 matrix [R |
 * p], 12 numbers from the given offset. `out` may be `a` or `b`.
 */
export function mulTransform(
  out: Float64Array,
  io: number,
  a: Float64Array,
  ia: number,
  b: Float64Array,
  ib: number,
): Float64Array {
  const b00 = b[ib],
    b01 = b[ib + 1],
    b02 = b[ib + 2],
    b03 = b[ib + 3];
  const b10 = b[ib + 4],
    b11 = b[ib + 5],
    b12 = b[ib + 6],
    b13 = b[ib + 7];
  const b20 = b[ib + 8],
    b21 = b[ib + 9],
    b22 = b[ib + 10],
    b23 = b[ib + 11];
  for (let r = 0; r < 12; r += 4) {
    const x = a[ia + r],
      y = a[ia + r + 1],
      z = a[ia + r + 2],
      p = a[ia + r + 3];
    out[io + r] = x * b00 + y * b10 + z * b20;
    out[io + r + 1] = x * b01 + y * b11 + z * b21;
    out[io + r + 2] = x * b02 + y * b12 + z * b22;
    out[io + r + 3] = x * b03 + y * b13 + z * b23 + p;
  }
  return out;
}
