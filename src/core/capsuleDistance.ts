/**
 * Signed distance (m) of two capsules: the least distance of their segments less both radii; negative is how deep they overlap.
 * a and b hold the segments' end points, 6 numbers from the offset; a segment may have length 0.
 *
 * min over s, t ∈ [0,1] of |a0 + s·u − b0 − t·v|, by clamping s, then t, then s again: exact because the square is convex and its
 * minimum over one variable is affine in the other. Source: Ericson, Real-Time Collision Detection (2005), 5.1.9.
 */
export function capsuleDistance(a: Float64Array, ia: number, ra: number, b: Float64Array, ib: number, rb: number): number {
  const ux = a[ia + 3] - a[ia], uy = a[ia + 4] - a[ia + 1], uz = a[ia + 5] - a[ia + 2];
  const vx = b[ib + 3] - b[ib], vy = b[ib + 4] - b[ib + 1], vz = b[ib + 5] - b[ib + 2];
  const wx = a[ia] - b[ib], wy = a[ia + 1] - b[ib + 1], wz = a[ia + 2] - b[ib + 2];
  const uu = ux * ux + uy * uy + uz * uz, vv = vx * vx + vy * vy + vz * vz, uv = ux * vx + uy * vy + uz * vz;
  const uw = ux * wx + uy * wy + uz * wz, vw = vx * wx + vy * wy + vz * wz;
  const tiny = 1e-24; // m²: shorter than 1e-12 m is a point
  let s = 0, t = 0;
  if (uu > tiny) {
    if (vv > tiny) {
      const det = uu * vv - uv * uv;
      if (det > 0) s = clamp01((uv * vw - uw * vv) / det);
      t = (uv * s + vw) / vv;
      if (!(t >= 0)) (t = 0), (s = clamp01(-uw / uu));
      else if (t > 1) (t = 1), (s = clamp01((uv - uw) / uu));
    } else s = clamp01(-uw / uu);
  } else if (vv > tiny) t = clamp01(vw / vv);
  const dx = wx + s * ux - t * vx, dy = wy + s * uy - t * vy, dz = wz + s * uz - t * vz;
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - ra - rb;
}

function clamp01(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x;
}
