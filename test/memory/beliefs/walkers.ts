import type { Body } from "../../../src/core/Body.js";
import type { Rng } from "../../../src/core/math/Rng.js";

export type Vec = [number, number, number];
// m, m and m/s
export const NOISE = 0.02,
  REACH = 1,
  SPEED = 1.6;
export const bounds = { speeds: { person: SPEED, object: 0.5 }, noise: NOISE, reach: REACH };
/** A part of a person, upright, 10 cm long; p0 in m. */
export const body = (id: string, p0: Vec, o: Partial<Body> = {}): Body => ({
  id,
  kind: "person",
  p0,
  p1: [p0[0], p0[1], p0[2] + 0.1],
  radius: 0.05,
  speedBound: SPEED,
  stamp: 0,
  ...o,
});

/**
 * Distance of the point x from the segment ab: the altitude of their triangle (Heron), where its angles at a and b are
 * not obtuse.
 */
export function fromSegment(x: readonly number[], a: readonly number[], b: readonly number[]): number {
  const far = (p: readonly number[], q: readonly number[]): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  const xa = far(x, a),
    xb = far(x, b),
    ab = far(a, b);
  if (ab < 1e-12 || xb * xb >= xa * xa + ab * ab) return xa;
  if (xa * xa >= xb * xb + ab * ab) return xb;
  const s = (xa + xb + ab) / 2;
  return (2 * Math.sqrt(Math.max(0, s * (s - xa) * (s - xb) * (s - ab)))) / ab;
}

/** How far the capsule sticks out of the region that a body stands for at t, m: ends and middle looked at. */
function sticksOut(part: Body, region: Body, t: number, noise: number): number {
  const middle = part.p0.map((x, i) => (x + part.p1[i]) / 2);
  const worst = Math.max(...[part.p0, middle, part.p1].map((x) => fromSegment(x, region.p0, region.p1)));
  return worst + part.radius - region.radius - noise - region.speedBound * (t - region.stamp);
}
/** How far the part sticks out of the region that covers it best, m; at most 0 where it is covered. */
export const uncovered = (part: Body, regions: readonly Body[], t: number, noise = NOISE): number =>
  Math.min(Infinity, ...regions.map((r) => sticksOut(part, r, t, noise)));

/** A person of several parts about a middle that walks; each part at most at the speed bound. */
export class Walker {
  readonly parts: Vec[];
  private readonly to: Vec[];
  constructor(
    readonly id: string,
    n: number,
    private readonly rng: Rng,
  ) {
    const middle = [rng.range(-1, 1), rng.range(-1, 1), 0.5];
    this.parts = Array.from({ length: n }, () => middle.map((x) => x + rng.range(-0.5, 0.5)) as Vec);
    this.to = this.parts.map((p) => [...p] as Vec);
  }
  move(dt: number): void {
    this.parts.forEach((p, i) => {
      const to = this.to[i],
        d = Math.hypot(...p.map((x, c) => to[c] - x)),
        step = Math.min(d, SPEED * dt);
      if (d < 1e-9 && this.rng.uniform() < 0.05)
        this.to[i] = [0.6, 0.3, 0.5].map((x) => x + this.rng.range(-0.5, 0.5)) as Vec;
      if (d > 0) for (let c = 0; c < 3; c++) p[c] += (step * (to[c] - p[c])) / d;
    });
  }
  capsules(t: number): Body[] {
    return this.parts.map((p) => body(this.id, [...p], { stamp: t }));
  }
}
/** The same in another order, drawn evenly. */
export const shuffled = <T>(x: readonly T[], rng: Rng): T[] =>
  x
    .map((y) => [rng.uniform(), y] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, y]) => y);
