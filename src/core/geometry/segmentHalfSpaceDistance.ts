/**
 * Signed distance (m) of a segment (end points, 6 numbers from the offset) to the half-space normal·x ≤ offset: the
 * lower of its two ends. plane[4] from its offset: unit normal, offset.
 */
export function segmentHalfSpaceDistance(seg: Float64Array, is: number, plane: Float64Array, ip: number): number {
  const x = plane[ip],
    y = plane[ip + 1],
    z = plane[ip + 2];
  const d0 = x * seg[is] + y * seg[is + 1] + z * seg[is + 2];
  const d1 = x * seg[is + 3] + y * seg[is + 4] + z * seg[is + 5];
  return (d0 < d1 ? d0 : d1) - plane[ip + 3];
}
