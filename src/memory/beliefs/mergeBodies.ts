import type { Body } from "../../core/Body.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Vec3 } from "../../core/geometry/Shape.js";

/**
 * At most `most` bodies that contain all of `bodies` at `now` and at every later time, each grown by its speed bound.
 * The nearest to the base stay as they are. The others are contained in at most `balls` enlarged bodies, each with the
 * largest speed bound of what it contains:
 *
 *     r' = max(r + v·age, dist(axis, b's ends) + r_b + v_b·age_b)
 *
 * (the distance from a segment is convex, so along b it is greatest at an end). Such a body has the id "others".
 */
export function mergeBodies(bodies: readonly Body[], most: number, balls: number, now: Seconds): readonly Body[] {
  if (bodies.length <= most) return bodies;
  const near = bodies
    .map((body) => ({ body, gap: distance([0, 0, 0], body) - grownRadius(body, now) }))
    .sort((a, b) => a.gap - b.gap);
  const kept = near.slice(0, most - balls).map(({ body }) => body);
  const sums: Body[] = [];
  for (const { body } of near.slice(most - balls)) {
    if (sums.length < balls) {
      sums.push({ ...body, id: "others", radius: grownRadius(body, now), stamp: now });
      continue;
    }
    let best = 0,
      least = Infinity;
    for (let i = 0; i < sums.length; i++) {
      const more = held(sums[i], body, now) - sums[i].radius;
      if (more < least) ((least = more), (best = i));
      if (more <= 0) break;
    }
    const sum = sums[best];
    if (least <= 0 && sum.speedBound >= body.speedBound) continue;
    sums[best] = {
      ...sum,
      kind: "person",
      radius: Math.max(sum.radius, held(sum, body, now)),
      speedBound: Math.max(sum.speedBound, body.speedBound),
    };
  }
  return [...kept, ...sums];
}

/** m, the distance that the body may have moved by then, without the noise of its observation. */
export function grownRadius(body: Body, now: Seconds): number {
  return body.radius + body.speedBound * Math.max(0, now - body.stamp);
}

/** Distance of a point from a body's axis, m. */
export function distance(x: Vec3, { p0, p1 }: Body): number {
  const x0 = x[0] - p0[0],
    y0 = x[1] - p0[1],
    z0 = x[2] - p0[2],
    dx = p1[0] - p0[0],
    dy = p1[1] - p0[1],
    dz = p1[2] - p0[2],
    dd = dx * dx + dy * dy + dz * dz;
  const s = dd > 0 ? Math.max(0, Math.min(1, (x0 * dx + y0 * dy + z0 * dz) / dd)) : 0;
  return Math.sqrt((x0 - s * dx) ** 2 + (y0 - s * dy) ** 2 + (z0 - s * dz) ** 2);
}

/** The radius about `sum`'s axis that contains `body`, m. */
function held(sum: Body, body: Body, now: Seconds): number {
  return Math.max(distance(body.p0, sum), distance(body.p1, sum)) + grownRadius(body, now);
}
