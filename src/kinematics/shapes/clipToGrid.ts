const FINE = 32; // corners of triangles nearer than this part of a cell are one

/**
 * Cuts triangles [n,3,4] (corners as balls: centre, radius, m) at the planes of a grid. @returns for each cell that is
 * not empty the corners [m,4] of its content (a triangle below an eighth of a cell stays whole): the hulls of the cells
 * together contain the triangles, and the solid within them. Corners nearer to each other than 1/32 of a cell become
 * one ball about them, so that the cost does not grow with the resolution of the mesh.
 * @param across cells along the longest side @param least m, the shortest side of a cell
 */
export function clipToGrid(triangles: Float64Array, across: number, least: number): Float64Array[] {
  const lo = [Infinity, Infinity, Infinity],
    hi = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < triangles.length; i += 4)
    for (let c = 0; c < 3; c++)
      ((lo[c] = Math.min(lo[c], triangles[i + c])), (hi[c] = Math.max(hi[c], triangles[i + c])));
  const side = Math.max(least, ...lo.map((l, c) => (hi[c] - l) / across));
  const index = (x: number, axis: number): number =>
    Math.max(0, Math.min(Math.ceil((hi[axis] - lo[axis]) / side) - 1, Math.floor((x - lo[axis]) / side)));
  const cells = new Map<number, number[]>();
  const cellAt = (x: number, y: number, z: number): number[] => {
    const key = (index(x, 0) * 1024 + index(y, 1)) * 1024 + index(z, 2);
    return cells.get(key) ?? cells.set(key, []).get(key)!;
  };
  const keep = (polygon: readonly (readonly number[])[]): void => {
    let x = 0,
      y = 0,
      z = 0;
    for (const p of polygon) ((x += p[0]), (y += p[1]), (z += p[2]));
    const n = polygon.length,
      cell = cellAt(x / n, y / n, z / n);
    for (const p of polygon) cell.push(p[0], p[1], p[2], p[3]);
  };
  const cut = (polygon: readonly (readonly number[])[], axis: number): void => {
    if (axis === 3) return keep(polygon);
    const x = polygon.map((p) => p[axis]),
      first = index(Math.min(...x), axis),
      last = index(Math.max(...x), axis);
    let rest = polygon;
    for (let k = first + 1; k <= last && rest.length > 2; k++) {
      const at = lo[axis] + k * side,
        below = half(rest, axis, at, -1);
      if (below.length > 0) cut(below, axis + 1);
      rest = half(rest, axis, at, 1);
    }
    if (rest.length > 0) cut(rest, axis + 1);
  };
  for (let t = 0; t < triangles.length; t += 12) {
    let whole = true,
      small = true; // in one cell; so small beside one that a cut is not worth it
    for (let c = 0; c < 3; c++) {
      const a = triangles[t + c],
        b = triangles[t + 4 + c],
        d = triangles[t + 8 + c],
        least = Math.min(a, b, d),
        most = Math.max(a, b, d);
      if (whole && index(least, c) !== index(most, c)) whole = false;
      if (most - least > side / 8) small = false;
    }
    if (whole || small) {
      const middle = (c: number): number => (triangles[t + c] + triangles[t + 4 + c] + triangles[t + 8 + c]) / 3,
        cell = cellAt(middle(0), middle(1), middle(2));
      for (let i = t; i < t + 12; i++) cell.push(triangles[i]);
    } else
      cut(
        [0, 4, 8].map((o) => [...triangles.subarray(t + o, t + o + 4)]),
        0,
      );
  }
  return [...cells.values()].map((cell) => merged(cell, lo, side / FINE));
}

/**
 * Balls whose centres lie in one cell of a grid of `side` as one about them all: itself where they are one and the
 * same.
 */
function merged(balls: readonly number[], lo: readonly number[], side: number): Float64Array {
  const groups = new Map<number, number>(),
    extents: number[] = []; // [groups,7] least and greatest centre, greatest radius
  for (let i = 0; i < balls.length; i += 4) {
    const x = Math.floor((balls[i] - lo[0]) / side),
      y = Math.floor((balls[i + 1] - lo[1]) / side),
      z = Math.floor((balls[i + 2] - lo[2]) / side),
      key = (x * 4096 + y) * 4096 + z;
    let o = groups.get(key);
    if (o === undefined)
      (groups.set(key, (o = extents.length)),
        extents.push(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity, 0));
    for (let c = 0; c < 3; c++) {
      if (balls[i + c] < extents[o + c]) extents[o + c] = balls[i + c];
      if (balls[i + c] > extents[o + 3 + c]) extents[o + 3 + c] = balls[i + c];
    }
    if (balls[i + 3] > extents[o + 6]) extents[o + 6] = balls[i + 3];
  }
  const out = new Float64Array((extents.length / 7) * 4);
  for (let o = 0, k = 0; o < extents.length; o += 7, k += 4) {
    for (let c = 0; c < 3; c++) out[k + c] = (extents[o + c] + extents[o + 3 + c]) / 2;
    out[k + 3] =
      extents[o + 6] +
      Math.hypot(extents[o + 3] - extents[o], extents[o + 4] - extents[o + 1], extents[o + 5] - extents[o + 2]) / 2;
  }
  return out;
}

/** The part of a convex polygon below (side −1) or above (1) the plane x[axis] = at. */
function half(
  polygon: readonly (readonly number[])[],
  axis: number,
  at: number,
  side: -1 | 1,
): readonly (readonly number[])[] {
  const out: (readonly number[])[] = [];
  for (let k = 0; k < polygon.length; k++) {
    const a = polygon[k],
      b = polygon[(k + 1) % polygon.length],
      da = side * (a[axis] - at),
      db = side * (b[axis] - at);
    if (da >= 0) out.push(a);
    if ((da < 0 && db > 0) || (da > 0 && db < 0)) out.push(a.map((x, i) => x + (da / (da - db)) * (b[i] - x)));
  }
  return out;
}
