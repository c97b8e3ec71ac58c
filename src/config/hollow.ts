import { z } from "zod";
import type { Vec3 } from "../core/geometry/Shape.js";
import { moved, type Geometry, type Solid } from "./geometry.js";
import { length, vec3 } from "./quantity.js";
import type { OneOf } from "./oneKey.js";
import { orientation } from "./orientation.js";

const WALLS = 10; // flat pieces of a round wall

const positive = length({ above: 0 });
const pose = {
  center: vec3(length()).default([0, 0, 0]).describe("centre of its outer box"),
  orientation: orientation.default([0, 0, 0, 1]).describe("orientation of its outer box"),
};
const cup = z
  .strictObject({
    ...pose,
    radius: positive.describe("outer radius"),
    height: positive.describe("height along its own z"),
    wall: positive.default(0.003).describe("thickness of wall and floor"),
  })
  .refine(
    ({ radius, height, wall }) => wall < radius && wall < height,
    "a wall thinner than the radius and the height",
  );
const bin = z
  .strictObject({
    ...pose,
    size: vec3(positive).describe("its outer edges; it is open at the top, its own +z"),
    wall: positive.default(0.005).describe("thickness of walls and floor"),
  })
  .refine(({ size: [x, y, z], wall }) => 2 * wall < Math.min(x, y) && wall < z, "walls that leave room inside");
const shelf = z
  .strictObject({
    ...pose,
    size: vec3(positive).describe("its outer edges; it is open at the front and the back, ±x of its own"),
    boards: z.int().min(2).max(10).default(3).describe("boards, the lowest and the highest one included"),
    wall: positive.default(0.01).describe("thickness of boards and sides"),
  })
  .refine(({ size: [, y, z], boards, wall }) => 2 * wall < y && boards * wall < z, "boards that leave room between");

/** Shapes that are not convex, by the key that names them in YAML, for a scene's objects and fixed geometry. */
export const hollows = { cup, bin, shelf };

export type Hollow = OneOf<typeof hollows>;

type Box = Extract<Solid, { kind: "box" }>;

const box = (center: Vec3, size: Vec3, yaw = 0): Box => ({
  kind: "box",
  config: {
    center: [...center],
    size: [...size],
    orientation: [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)],
  },
});

/** The convex parts of a shape, in its own frame; they fill it exactly, but for the wall and the floor of a cup. */
export function partsOf<G extends Geometry>(shape: G | Hollow): readonly (G | Solid)[] {
  switch (shape.kind) {
    case "cup":
    case "bin":
    case "shelf": {
      const { center, orientation: turn } = shape.config;
      return boxesOf(shape).map((part) => moved(part, center, turn));
    }
    default:
      return [shape];
  }
}

/** The boxes of a hollow shape about the centre of its outer box. */
function boxesOf(shape: Hollow): Solid[] {
  const { wall: t } = shape.config;
  switch (shape.kind) {
    case "cup": {
      // flat pieces, whose outer faces touch the circle from inside at their edges
      const { radius: r, height: h } = shape.config,
        half = Math.PI / WALLS,
        wide = 2 * r * Math.sin(half),
        far = r * Math.cos(half) - t / 2;
      const walls = Array.from({ length: WALLS }, (_, i) => {
        const angle = 2 * half * i;
        return box([far * Math.cos(angle), far * Math.sin(angle), 0], [t, wide, h], angle);
      });
      const side = Math.SQRT2 * (far - t / 2); // two squares make a star that leaves no wide gap
      return [...walls, ...[0, Math.PI / 4].map((yaw) => box([0, 0, (t - h) / 2], [side, side, t], yaw))];
    }
    case "bin": {
      const [x, y, z] = shape.config.size,
        up = t / 2; // of the walls' centres, which stand on the floor
      return [
        box([0, 0, (t - z) / 2], [x, y, t]),
        ...[-1, 1].map((side) => box([(side * (x - t)) / 2, 0, up], [t, y, z - t])),
        ...[-1, 1].map((side) => box([0, (side * (y - t)) / 2, up], [x - 2 * t, t, z - t])),
      ];
    }
    case "shelf": {
      const { boards } = shape.config,
        [x, y, z] = shape.config.size;
      return [
        ...[-1, 1].map((side) => box([0, (side * (y - t)) / 2, 0], [x, t, z])),
        ...Array.from({ length: boards }, (_, i) =>
          box([0, 0, (t - z) / 2 + (i * (z - t)) / (boards - 1)], [x, y - 2 * t, t]),
        ),
      ];
    }
    default:
      return shape satisfies never;
  }
}

/** The room inside of a cup or a bin, open at its top, in its own frame; undefined for other shapes. */
export function insideOf(shape: Geometry | Hollow): Box["config"] | undefined {
  if (shape.kind !== "cup" && shape.kind !== "bin") return undefined;
  const { wall: t, center, orientation: turn } = shape.config;
  const across = shape.kind === "cup" ? Math.SQRT2 * (shape.config.radius * Math.cos(Math.PI / WALLS) - t) : 0;
  const [x, y, z] = shape.kind === "bin" ? shape.config.size : [across + 2 * t, across + 2 * t, shape.config.height];
  const room = moved(box([0, 0, t / 2], [x - 2 * t, y - 2 * t, z - t]), center, turn);
  return (room as Box).config;
}
