import { Cell } from "./Cell.js";
import type { FittedCapsule } from "./fitCapsule.js";
import { halton } from "../../core/math/halton.js";
import { hullCorners, hullPlanes, withinPlanes } from "./hullPlanes.js";

const POINTS = 40_000;
const CORNERS = 800;

/**
 * Largest ratio of the volume of a link's capsules to its own volume. Above it they block much free space, and loading
 * the arm gives a warning.
 */
export const MOST_EXCESS = 3.5;

/** A hull as its corners and planes. */
export interface Hull {
  readonly corners: readonly (readonly number[])[];
  readonly planes: Float64Array;
}

/** Of some cells together. */
export function hullOf(cells: readonly Cell[], most = CORNERS): Hull {
  const points = hullCorners(Cell.balls(cells), most);
  return {
    corners: Array.from({ length: points.length / 3 }, (_, i) => [...points.subarray(3 * i, 3 * i + 3)]),
    planes: hullPlanes(points),
  };
}

/**
 * Volumes, m³, of the union of hulls and of the union of capsules, from points of Halton's sequence in a box about all:
 * with 40 000 points to within 1 or 2 %; 0 if there are none.
 */
export function volumesOf(
  hulls: readonly Hull[],
  capsules: readonly FittedCapsule[],
  points = POINTS,
): { readonly own: number; readonly held: number } {
  const ends = capsules.flatMap(({ p0, p1, radius }) =>
    [p0, p1].flatMap((p) => [-1, 1].map((s) => p.map((x) => x + s * radius))),
  );
  const corners = [...ends, ...hulls.flatMap((h) => h.corners)];
  if (corners.length === 0) return { own: 0, held: 0 };
  const lo = [0, 1, 2].map((c) => Math.min(...corners.map((p) => p[c]))),
    hi = [0, 1, 2].map((c) => Math.max(...corners.map((p) => p[c])));
  let own = 0,
    held = 0;
  for (let i = 1; i <= points; i++) {
    const x = lo[0] + (hi[0] - lo[0]) * halton(i, 2),
      y = lo[1] + (hi[1] - lo[1]) * halton(i, 3),
      z = lo[2] + (hi[2] - lo[2]) * halton(i, 5);
    if (hulls.some((h) => withinPlanes(h.planes, x, y, z))) own++;
    if (capsules.some((c) => axisDistance(c, x, y, z) <= c.radius)) held++;
  }
  const each = ((hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2])) / points;
  return { own: own * each, held: held * each };
}

/** Distance of a point from a capsule's axis, m. */
export function axisDistance({ p0, p1 }: FittedCapsule, x: number, y: number, z: number): number {
  const u = p1[0] - p0[0],
    v = p1[1] - p0[1],
    w = p1[2] - p0[2],
    a = x - p0[0],
    b = y - p0[1],
    c = z - p0[2],
    uu = u * u + v * v + w * w;
  const t = uu > 0 ? Math.min(1, Math.max(0, (a * u + b * v + c * w) / uu)) : 0;
  return Math.sqrt((a - t * u) ** 2 + (b - t * v) ** 2 + (c - t * w) ** 2);
}
