/**
 * out[4] = the unit quaternion x, y, z, w (w ≥ 0) of the rotation in t (rows of 3×4, 12 numbers from the offset).
 * Shepperd's method: the largest of the four squares is the divisor, so no angle loses digits (Shepperd 1978, J.
 * Guidance and Control 1:223).
 */
export function quatFromTransform(out: Float64Array, io: number, t: Float64Array, it: number): Float64Array {
  const r00 = t[it],
    r11 = t[it + 5],
    r22 = t[it + 10];
  const trace = r00 + r11 + r22;
  const a = t[it + 9] - t[it + 6],
    b = t[it + 2] - t[it + 8],
    c = t[it + 4] - t[it + 1];
  let x: number, y: number, z: number, w: number;
  if (trace >= r00 && trace >= r11 && trace >= r22) {
    ((x = a), (y = b), (z = c), (w = 1 + trace));
  } else {
    const xy = t[it + 1] + t[it + 4],
      xz = t[it + 2] + t[it + 8],
      yz = t[it + 6] + t[it + 9];
    if (r00 >= r11 && r00 >= r22) ((x = 1 + r00 - r11 - r22), (y = xy), (z = xz), (w = a));
    else if (r11 >= r22) ((x = xy), (y = 1 + r11 - r00 - r22), (z = yz), (w = b));
    else ((x = xz), (y = yz), (z = 1 + r22 - r00 - r11), (w = c));
  }
  const s = (w < 0 ? -1 : 1) / Math.sqrt(x * x + y * y + z * z + w * w);
  ((out[io] = x * s), (out[io + 1] = y * s), (out[io + 2] = z * s), (out[io + 3] = w * s));
  return out;
}
