import { Rng } from "../../core/math/Rng.js";
import { spiral } from "./spiral.js";
import { SupportTree } from "./SupportTree.js";

const JITTER = 1e-7; // of the size: so that no four points lie in one plane, and there are no special cases

/** Planes [n,4] of the hull of points [m,3], m: outward unit normal and offset, x lies inside iff n·x ≤ d for all. */
export function hullPlanes(points: Float64Array): Float64Array {
  return Float64Array.from(hullFaces(points).flatMap((f) => [...f.n, f.d]));
}

/**
 * A triangle of a hull: its corners among the points, its outward unit normal, and how far its plane is from 0 along
 * that, m.
 */
interface Face {
  readonly of: readonly [number, number, number];
  readonly n: readonly number[];
  readonly d: number;
}

/**
 * Triangles of the hull of points [m,3]; none for fewer than four points. Incremental: the faces that a new point sees
 * are replaced by a cone from it to their horizon.
 */
export function hullFaces(points: Float64Array): Face[] {
  const m = points.length / 3,
    rng = new Rng(5),
    p = points.slice();
  const size = Math.max(1e-6, ...[0, 1, 2].map((c) => spread(points, c)));
  for (let i = 0; i < p.length; i++) p[i] += rng.range(-JITTER, JITTER) * size;
  if (m < 4) return []; // no body
  const dot = (n: readonly number[], i: number): number => n[0] * p[3 * i] + n[1] * p[3 * i + 1] + n[2] * p[3 * i + 2];
  const farthest = (measure: (i: number) => number): number => {
    let best = 0;
    for (let i = 1; i < m; i++) if (measure(i) > measure(best)) best = i;
    return best;
  };
  const minus = (i: number, k: number): number[] => [0, 1, 2].map((c) => p[3 * i + c] - p[3 * k + c]);
  const cross = (u: readonly number[], v: readonly number[]): number[] => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];

  const a = farthest((i) => p[3 * i]),
    b = farthest((i) => Math.hypot(...minus(i, a))),
    c = farthest((i) => Math.hypot(...cross(minus(i, a), minus(b, a))));
  const across = cross(minus(b, a), minus(c, a)),
    d = farthest((i) => Math.abs(dot(across, i) - dot(across, a)));
  const middle = [0, 1, 2].map((x) => (p[3 * a + x] + p[3 * b + x] + p[3 * c + x] + p[3 * d + x]) / 4);
  const face = (i: number, k: number, l: number): Face => {
    const v = cross(minus(k, i), minus(l, i)),
      length = Math.hypot(...v) || 1,
      n = v.map((x) => x / length),
      at = dot(n, i);
    return n[0] * middle[0] + n[1] * middle[1] + n[2] * middle[2] <= at
      ? { of: [i, k, l], n, d: at }
      : { of: [i, l, k], n: n.map((x) => -x), d: -at };
  };
  let faces = [face(a, b, c), face(a, b, d), face(a, c, d), face(b, c, d)];
  for (let i = 0; i < m; i++) {
    const seen = faces.filter((f) => dot(f.n, i) > f.d + 1e-12 * size);
    if (seen.length === 0 || i === a || i === b || i === c || i === d) continue;
    const edges = new Set(seen.flatMap(({ of: [x, y, z] }) => [x * m + y, y * m + z, z * m + x]));
    const rim = [...edges].map((e) => [Math.floor(e / m), e % m]).filter(([x, y]) => !edges.has(y * m + x));
    faces = [...faces.filter((f) => !seen.includes(f)), ...rim.map(([x, y]) => face(x, y, i))];
  }
  return faces;
}

function spread(points: Float64Array, axis: number): number {
  let lo = Infinity,
    hi = -Infinity;
  for (let i = axis; i < points.length; i += 3) ((lo = Math.min(lo, points[i])), (hi = Math.max(hi, points[i])));
  return hi - lo;
}

/**
 * Points [n,3] of balls [m,4] that reach farthest along many directions: their hull is that of the balls, of 800 less
 * than 1 % smaller.
 */
export function hullCorners(balls: Float64Array, directions = 800): Float64Array {
  const tree = new SupportTree(balls),
    found = new Set<number>(),
    out: number[] = [],
    way = spiral(directions);
  for (let k = 0; k < way.length; k += 3) {
    const d = way.subarray(k, k + 3);
    tree.support(d[0], d[1], d[2]);
    const i = 4 * tree.index,
      r = tree.balls[i + 3],
      key = r > 0 ? -1 - k : i;
    if (found.has(key)) continue;
    found.add(key);
    for (let c = 0; c < 3; c++) out.push(tree.balls[i + c] + r * d[c]);
  }
  return Float64Array.from(out);
}

/** Whether a point lies within planes [n,4]; within none of no planes. */
export function withinPlanes(planes: Float64Array, x: number, y: number, z: number): boolean {
  for (let k = 0; k < planes.length; k += 4)
    if (planes[k] * x + planes[k + 1] * y + planes[k + 2] * z > planes[k + 3]) return false;
  return planes.length > 0;
}
