/**
 * Triangles [n,3,4] (corners as balls: centre, radius, m) cut at the planes of a grid. @returns for each cell of it that is not empty the corners [m,4] of what
 * lies in it (a triangle below an eighth of a cell whole): the hulls of the cells together contain the triangles, and the solid within them.
 * @param across cells along the longest side @param least m, the shortest side of a cell
 */
export function clipToGrid(triangles: Float64Array, across: number, least: number): Float64Array[] {
  const lo = [Infinity, Infinity, Infinity], hi = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < triangles.length; i += 4) for (let c = 0; c < 3; c++) (lo[c] = Math.min(lo[c], triangles[i + c])), (hi[c] = Math.max(hi[c], triangles[i + c]));
  const side = Math.max(least, ...lo.map((l, c) => (hi[c] - l) / across));
  const index = (x: number, axis: number): number => Math.max(0, Math.min(Math.ceil((hi[axis] - lo[axis]) / side) - 1, Math.floor((x - lo[axis]) / side)));
  const cells = new Map<number, number[]>();
  const keep = (polygon: readonly ArrayLike<number>[]): void => {
    let x = 0, y = 0, z = 0;
    for (const p of polygon) (x += p[0]), (y += p[1]), (z += p[2]);
    const n = polygon.length, key = (index(x / n, 0) * 1024 + index(y / n, 1)) * 1024 + index(z / n, 2);
    const cell = cells.get(key) ?? cells.set(key, []).get(key)!;
    for (const p of polygon) cell.push(p[0], p[1], p[2], p[3]);
  };
  const cut = (polygon: readonly (readonly number[])[], axis: number): void => {
    if (axis === 3) return keep(polygon);
    const x = polygon.map((p) => p[axis]), first = index(Math.min(...x), axis), last = index(Math.max(...x), axis);
    let rest = polygon;
    for (let k = first + 1; k <= last && rest.length > 2; k++) {
      const at = lo[axis] + k * side, below = half(rest, axis, at, -1);
      if (below.length > 0) cut(below, axis + 1);
      rest = half(rest, axis, at, 1);
    }
    if (rest.length > 0) cut(rest, axis + 1);
  };
  for (let t = 0; t < triangles.length; t += 12)
    if (!small(triangles, t, side)) cut([0, 4, 8].map((o) => [...triangles.subarray(t + o, t + o + 4)]), 0);
    else keep([triangles.subarray(t, t + 4), triangles.subarray(t + 4, t + 8), triangles.subarray(t + 8, t + 12)]);
  return [...cells.values()].map((cell) => Float64Array.from(cell));
}

/** Whether a triangle is so small beside a cell that it is not worth a cut. */
function small(triangles: Float64Array, t: number, side: number): boolean {
  for (let c = 0; c < 3; c++) {
    const a = triangles[t + c], b = triangles[t + 4 + c], d = triangles[t + 8 + c];
    if (Math.max(a, b, d) - Math.min(a, b, d) > side / 8) return false;
  }
  return true;
}

/** What of a convex polygon lies below (side −1) or above (1) the plane x[axis] = at. */
function half(polygon: readonly (readonly number[])[], axis: number, at: number, side: -1 | 1): readonly (readonly number[])[] {
  const out: (readonly number[])[] = [];
  for (let k = 0; k < polygon.length; k++) {
    const a = polygon[k], b = polygon[(k + 1) % polygon.length], da = side * (a[axis] - at), db = side * (b[axis] - at);
    if (da >= 0) out.push(a);
    if ((da < 0 && db > 0) || (da > 0 && db < 0)) out.push(a.map((x, i) => x + (da / (da - db)) * (b[i] - x)));
  }
  return out;
}
