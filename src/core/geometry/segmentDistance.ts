/**
 * Distance (m) of two segments into out[0]. a and b hold the segments' end points, 6 numbers from the offset; a segment
 * may have length 0. (A kernel that returned it would have the number boxed at every call, and the safety filter may
 * not allocate.)
 *
 * min over s, t ∈ [0,1] of |a0 + s·u − b0 − t·v|, by clamping s, then t, then s again: exact because the square is
 * convex and its minimum over one variable is affine in the other. Source: Ericson, Real-Time Collision Detection
 * (2005), 5.1.9.
 */
export function segmentDistance(out: Float64Array, a: Float64Array, ia: number, b: Float64Array, ib: number): void {
  const ux = a[ia + 3] - a[ia],
    uy = a[ia + 4] - a[ia + 1],
    uz = a[ia + 5] - a[ia + 2];
  const vx = b[ib + 3] - b[ib],
    vy = b[ib + 4] - b[ib + 1],
    vz = b[ib + 5] - b[ib + 2];
  const wx = a[ia] - b[ib],
    wy = a[ia + 1] - b[ib + 1],
    wz = a[ia + 2] - b[ib + 2];
  const uu = ux * ux + uy * uy + uz * uz,
    vv = vx * vx + vy * vy + vz * vz,
    uv = ux * vx + uy * vy + uz * vz;
  const uw = ux * wx + uy * wy + uz * wz,
    vw = vx * wx + vy * wy + vz * wz;
  const tiny = 1e-24; // m²: shorter than 1e-12 m is a point
  const det = uu * vv - uv * uv;
  const s0 = det > 0 && uu > tiny ? clamp01((uv * vw - uw * vv) / det) : 0;
  const t = vv > tiny ? clamp01((uv * s0 + vw) / vv) : 0;
  const s = uu > tiny ? clamp01((uv * t - uw) / uu) : 0;
  const dx = wx + s * ux - t * vx,
    dy = wy + s * uy - t * vy,
    dz = wz + s * uz - t * vz;
  out[0] = Math.sqrt(dx * dx + dy * dy + dz * dz);
}

function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x));
}
