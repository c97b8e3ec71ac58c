/**
 * The ball about each capsule's axis, so that exact distances are computed only where balls come near: out[4·nc] is
 * the middle (m) and half the length (m) of the capsules[6·nc] from offset i.
 */
export function boundingBalls(out: Float64Array, capsules: Float64Array, i: number, nc: number): void {
  for (let c = 0, o = 0; c < nc; c++, i += 6, o += 4) {
    const x = 0.5 * (capsules[i + 3] - capsules[i]),
      y = 0.5 * (capsules[i + 4] - capsules[i + 1]),
      z = 0.5 * (capsules[i + 5] - capsules[i + 2]);
    out[o] = capsules[i] + x;
    out[o + 1] = capsules[i + 1] + y;
    out[o + 2] = capsules[i + 2] + z;
    out[o + 3] = Math.sqrt(x * x + y * y + z * z);
  }
}
