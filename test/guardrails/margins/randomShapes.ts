import type { Rng } from "../../../src/core/math/Rng.js";
import type { Shape, Vec3 } from "../../../src/core/geometry/Shape.js";

export const vec = (rng: Rng, size: number): Vec3 => [
  rng.range(-size, size),
  rng.range(-size, size),
  rng.range(-size, size),
];

export const shapes: Record<string, (rng: Rng) => Shape> = {
  box: (rng) => ({
    kind: "box",
    center: vec(rng, 1),
    size: [rng.range(0, 0.6), rng.range(0, 0.6), rng.range(0, 0.6)],
    orientation: [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
  }),
  capsule: (rng) => ({ kind: "capsule", p0: vec(rng, 1), p1: vec(rng, 1), radius: rng.range(0, 0.2) }),
  halfSpace: (rng) => ({
    kind: "halfSpace",
    normal: [rng.normal(), rng.normal(), rng.normal()],
    offset: rng.range(-2, 0.5),
  }),
};
