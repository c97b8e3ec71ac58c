// of the bracket; read as doubles, since a small integer that becomes a double is boxed
const ENDS = Float64Array.of(-1, 1);

/**
 * Exact signed distance (m) of a segment to an oriented box into out[0], as in `segmentDistance`; the way from the
 * box's nearest point to the segment's, in the box's frame, into out[1…3] (0 where they touch). seg: end points, 6
 * numbers from the offset; box[15] from its offset: the box's pose as rows of 3×4, then half edge lengths.
 *
 * Touching or inside: box ⊕ (−segment) is a zonotope whose faces have the normals e_i and e_i × segment, so the least
 * translation that parts the two is the least overlap along those six (separating axes); it is returned negative.
 * Outside: in the box's frame f(t) = ½Σ_i max(|x_i(t)| − h_i, 0)² is convex and its derivative g is continuous,
 * non-decreasing and linear between the at most six t where |x_i(t)| = h_i; those t bracket the zero of g, and the last
 * bracket is solved in closed form. Nothing is sampled.
 */
export function measureSegmentBox(
  out: Float64Array,
  seg: Float64Array,
  is: number,
  box: Float64Array,
  ib: number,
): void {
  const r00 = box[ib],
    r01 = box[ib + 1],
    r02 = box[ib + 2];
  const r10 = box[ib + 4],
    r11 = box[ib + 5],
    r12 = box[ib + 6];
  const r20 = box[ib + 8],
    r21 = box[ib + 9],
    r22 = box[ib + 10];
  const hx = box[ib + 12],
    hy = box[ib + 13],
    hz = box[ib + 14];
  // Middle m and half vector e in the box's frame: x(t) = m + t·e, t ∈ [−1, 1].
  const cx = 0.5 * (seg[is] + seg[is + 3]) - box[ib + 3];
  const cy = 0.5 * (seg[is + 1] + seg[is + 4]) - box[ib + 7];
  const cz = 0.5 * (seg[is + 2] + seg[is + 5]) - box[ib + 11];
  const dx = 0.5 * (seg[is + 3] - seg[is]),
    dy = 0.5 * (seg[is + 4] - seg[is + 1]),
    dz = 0.5 * (seg[is + 5] - seg[is + 2]);
  const mx = r00 * cx + r10 * cy + r20 * cz,
    ex = r00 * dx + r10 * dy + r20 * dz;
  const my = r01 * cx + r11 * cy + r21 * cz,
    ey = r01 * dx + r11 * dy + r21 * dz;
  const mz = r02 * cx + r12 * cy + r22 * cz,
    ez = r02 * dx + r12 * dy + r22 * dz;
  const ax = Math.abs(ex),
    ay = Math.abs(ey),
    az = Math.abs(ez);

  let overlap = Math.max(Math.abs(mx) - hx - ax, Math.abs(my) - hy - ay, Math.abs(mz) - hz - az);
  if (overlap <= 0) {
    // A direction too short to normalise is left out; it is one more lower bound only, so nothing jumps.
    const nx = ay * ay + az * az,
      ny = az * az + ax * ax,
      nz = ax * ax + ay * ay;
    if (nx > 1e-24) overlap = Math.max(overlap, (Math.abs(my * ez - mz * ey) - hy * az - hz * ay) / Math.sqrt(nx));
    if (ny > 1e-24) overlap = Math.max(overlap, (Math.abs(mz * ex - mx * ez) - hz * ax - hx * az) / Math.sqrt(ny));
    if (nz > 1e-24) overlap = Math.max(overlap, (Math.abs(mx * ey - my * ex) - hx * ay - hy * ax) / Math.sqrt(nz));
    if (overlap <= 0) {
      out[0] = overlap;
      out[1] = out[2] = out[3] = 0;
      return;
    }
  }

  let t0 = ENDS[0],
    t1 = ENDS[1];
  let g0 = slope(mx, ex, hx, t0) + slope(my, ey, hy, t0) + slope(mz, ez, hz, t0);
  let g1 = slope(mx, ex, hx, t1) + slope(my, ey, hy, t1) + slope(mz, ez, hz, t1);
  let t: number;
  if (g0 >= 0) t = t0;
  else if (g1 <= 0) t = t1;
  else {
    for (let k = 0; k < 6; k++) {
      let m = mx,
        e = ex,
        h = hx;
      if (k >= 4) ((m = mz), (e = ez), (h = hz));
      else if (k >= 2) ((m = my), (e = ey), (h = hy));
      const b = ((k & 1 ? h : -h) - m) / e; // ±∞ or NaN where the segment runs along the slab: not in the bracket
      if (b > t0 && b < t1) {
        const x = mx + b * ex,
          y = my + b * ey,
          z = mz + b * ez;
        const g =
          ex * (x - Math.min(hx, Math.max(-hx, x))) +
          ey * (y - Math.min(hy, Math.max(-hy, y))) +
          ez * (z - Math.min(hz, Math.max(-hz, z)));
        if (g < 0) ((t0 = b), (g0 = g));
        else ((t1 = b), (g1 = g));
      }
    }
    t = g1 > g0 ? t0 - (g0 * (t1 - t0)) / (g1 - g0) : t0;
  }
  const x = mx + t * ex,
    y = my + t * ey,
    z = mz + t * ez;
  const px = x - Math.min(hx, Math.max(-hx, x)),
    py = y - Math.min(hy, Math.max(-hy, y)),
    pz = z - Math.min(hz, Math.max(-hz, z));
  out[0] = Math.sqrt(px * px + py * py + pz * pz);
  ((out[1] = px), (out[2] = py), (out[3] = pz));
}

/** d/dt of ½·max(|m + t·e| − h, 0)². */
function slope(m: number, e: number, h: number, t: number): number {
  const x = m + t * e;
  return e * (x - Math.min(h, Math.max(-h, x)));
}
