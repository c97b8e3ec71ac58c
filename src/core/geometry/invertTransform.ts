/** out = t⁻¹ = [Rᵀ | −Rᵀp] of a rigid transform (rows of 3×4, 12 numbers from the offset). `out` may be `t`. */
export function invertTransform(out: Float64Array, io: number, t: Float64Array, it: number): Float64Array {
  const r00 = t[it],
    r01 = t[it + 1],
    r02 = t[it + 2],
    x = t[it + 3];
  const r10 = t[it + 4],
    r11 = t[it + 5],
    r12 = t[it + 6],
    y = t[it + 7];
  const r20 = t[it + 8],
    r21 = t[it + 9],
    r22 = t[it + 10],
    z = t[it + 11];
  ((out[io] = r00), (out[io + 1] = r10), (out[io + 2] = r20), (out[io + 3] = -(r00 * x + r10 * y + r20 * z)));
  ((out[io + 4] = r01), (out[io + 5] = r11), (out[io + 6] = r21), (out[io + 7] = -(r01 * x + r11 * y + r21 * z)));
  ((out[io + 8] = r02), (out[io + 9] = r12), (out[io + 10] = r22), (out[io + 11] = -(r02 * x + r12 * y + r22 * z)));
  return out;
}
