import type { Vec3 } from "../../core/geometry/Shape.js";

/** A capsule in the frame of a box: its axis runs along one of the box's axes. */
export interface BoxCapsule {
  readonly p0: Vec3; // m
  readonly p1: Vec3;
  readonly radius: number; // m
}

/** Capsules that together enclose a box, and how far they reach out of it at most, m. */
export interface BoxCover {
  readonly capsules: readonly BoxCapsule[];
  readonly excess: number;
}

/**
 * Encloses a box about the origin with at most `most` capsules, as tightly as the family below allows.
 *
 * The box is divided across one of its axes into n×m columns with edges s, u and half diagonal ρ. A capsule whose axis
 * ends t before the column's ends encloses it if R² = t² + ρ². It reaches out by R − t at the ends and by at most
 * R − min(s, u)/2 at the sides; the first falls with t and the second rises, so t = min(s, u)/2 is best, or half the
 * box's length if that is less.
 *
 * @param size its edges, m
 */
export function capsulesOfBox(size: Vec3, most: number): BoxCover {
  let best: { axis: number; n: number; m: number; excess: number } = { axis: 0, n: 1, m: 1, excess: Infinity };
  for (let axis = 0; axis < 3; axis++)
    for (let n = 1; n <= most; n++)
      for (let m = 1; n * m <= most; m++) {
        const { radius, back } = column(size, axis, n, m);
        if (radius - back < best.excess - 1e-9) best = { axis, n, m, excess: radius - back };
      }
  const { axis, n, m, excess } = best,
    [b, c] = across(axis),
    { radius, back } = column(size, axis, n, m),
    half = size[axis] / 2 - back;
  const capsules: BoxCapsule[] = [];
  for (let i = 0; i < n; i++)
    for (let k = 0; k < m; k++) {
      const middle: [number, number, number] = [0, 0, 0];
      middle[b] = ((i + 0.5) / n - 0.5) * size[b];
      middle[c] = ((k + 0.5) / m - 0.5) * size[c];
      const at = (x: number): Vec3 => middle.map((y, e) => (e === axis ? x : y)) as unknown as Vec3;
      capsules.push({ p0: at(-half), p1: at(half), radius });
    }
  return { capsules, excess };
}

const across = (axis: number): readonly [number, number] => [(axis + 1) % 3, (axis + 2) % 3];

/** Radius of the capsule about one of n×m columns along an axis, and how far before their ends its axis ends, m. */
function column(size: Vec3, axis: number, n: number, m: number): { radius: number; back: number } {
  const [b, c] = across(axis),
    s = size[b] / n,
    u = size[c] / m,
    back = Math.min(s / 2, u / 2, size[axis] / 2);
  return { radius: Math.hypot(back, s / 2, u / 2), back };
}
