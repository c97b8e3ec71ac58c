/**
 * out = [R(quat) | pos], rows of 3×4, 12 numbers from the offset; quat is x, y, z, w of any positive length (it is
 * normalised here, so hand-written numbers give a true rotation), pos in m.
 */
export function transformFromQuat(
  out: Float64Array,
  io: number,
  quat: ArrayLike<number>,
  pos: ArrayLike<number>,
): Float64Array {
  const x = quat[0],
    y = quat[1],
    z = quat[2],
    w = quat[3];
  const s = 2 / (x * x + y * y + z * z + w * w);
  ((out[io] = 1 - s * (y * y + z * z)),
    (out[io + 1] = s * (x * y - w * z)),
    (out[io + 2] = s * (x * z + w * y)),
    (out[io + 3] = pos[0]));
  ((out[io + 4] = s * (x * y + w * z)),
    (out[io + 5] = 1 - s * (x * x + z * z)),
    (out[io + 6] = s * (y * z - w * x)),
    (out[io + 7] = pos[1]));
  ((out[io + 8] = s * (x * z - w * y)),
    (out[io + 9] = s * (y * z + w * x)),
    (out[io + 10] = 1 - s * (x * x + y * y)),
    (out[io + 11] = pos[2]));
  return out;
}
