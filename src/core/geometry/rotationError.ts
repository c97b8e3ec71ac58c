/**
 * out[3] = R_a·log(R_aᵀR_b): the rotation vector (rad, base frame, length ≤ π) that carries orientation a onto b,
 * exp([out]×)·R_a = R_b. a and b are rows of 3×4. By way of the quaternion of R_b·R_aᵀ and 2·atan2(|v|, w), which keeps
 * its digits near 0 and near π.
 */
export function rotationError(
  out: Float64Array,
  io: number,
  a: Float64Array,
  ia: number,
  b: Float64Array,
  ib: number,
): Float64Array {
  const a00 = a[ia],
    a01 = a[ia + 1],
    a02 = a[ia + 2],
    b00 = b[ib],
    b01 = b[ib + 1],
    b02 = b[ib + 2];
  const a10 = a[ia + 4],
    a11 = a[ia + 5],
    a12 = a[ia + 6],
    b10 = b[ib + 4],
    b11 = b[ib + 5],
    b12 = b[ib + 6];
  const a20 = a[ia + 8],
    a21 = a[ia + 9],
    a22 = a[ia + 10],
    b20 = b[ib + 8],
    b21 = b[ib + 9],
    b22 = b[ib + 10];
  const r00 = b00 * a00 + b01 * a01 + b02 * a02,
    r01 = b00 * a10 + b01 * a11 + b02 * a12,
    r02 = b00 * a20 + b01 * a21 + b02 * a22;
  const r10 = b10 * a00 + b11 * a01 + b12 * a02,
    r11 = b10 * a10 + b11 * a11 + b12 * a12,
    r12 = b10 * a20 + b11 * a21 + b12 * a22;
  const r20 = b20 * a00 + b21 * a01 + b22 * a02,
    r21 = b20 * a10 + b21 * a11 + b22 * a12,
    r22 = b20 * a20 + b21 * a21 + b22 * a22;
  const trace = r00 + r11 + r22;
  let x = r21 - r12,
    y = r02 - r20,
    z = r10 - r01,
    w: number; // the quaternion, up to scale, as in quatFromTransform
  if (trace >= r00 && trace >= r11 && trace >= r22) {
    w = 1 + trace;
  } else if (r00 >= r11 && r00 >= r22) {
    ((w = x), (x = 1 + r00 - r11 - r22), (y = r01 + r10), (z = r02 + r20));
  } else if (r11 >= r22) {
    ((w = y), (x = r01 + r10), (y = 1 + r11 - r00 - r22), (z = r12 + r21));
  } else {
    ((w = z), (x = r02 + r20), (y = r12 + r21), (z = 1 + r22 - r00 - r11));
  }
  const n = Math.sqrt(x * x + y * y + z * z);
  // 2·atan2(n, |w|)/n → 2/|w| as n → 0; the sign makes the shorter way round
  const s = (w < 0 ? -1 : 1) * (n > 1e-150 ? (2 * Math.atan2(n, Math.abs(w))) / n : 2 / Math.abs(w));
  ((out[io] = s * x), (out[io + 1] = s * y), (out[io + 2] = s * z));
  return out;
}
