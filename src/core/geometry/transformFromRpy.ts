/**
 * out = [Rz(yaw)·Ry(pitch)·Rx(roll) | xyz]: URDF's fixed-axis roll, pitch, yaw (rad) and position (m) as rows of 3×4,
 * 12 numbers from the offset. Source: the URDF specification's `origin` element.
 */
export function transformFromRpy(
  out: Float64Array,
  io: number,
  xyz: ArrayLike<number>,
  rpy: ArrayLike<number>,
): Float64Array {
  const cr = Math.cos(rpy[0]),
    sr = Math.sin(rpy[0]);
  const cp = Math.cos(rpy[1]),
    sp = Math.sin(rpy[1]);
  const cy = Math.cos(rpy[2]),
    sy = Math.sin(rpy[2]);
  ((out[io] = cy * cp),
    (out[io + 1] = cy * sp * sr - sy * cr),
    (out[io + 2] = cy * sp * cr + sy * sr),
    (out[io + 3] = xyz[0]));
  ((out[io + 4] = sy * cp),
    (out[io + 5] = sy * sp * sr + cy * cr),
    (out[io + 6] = sy * sp * cr - cy * sr),
    (out[io + 7] = xyz[1]));
  ((out[io + 8] = -sp), (out[io + 9] = cp * sr), (out[io + 10] = cp * cr), (out[io + 11] = xyz[2]));
  return out;
}
