import { z } from "zod";
import type { Quat, Shape, Vec3 } from "../core/geometry/Shape.js";
import { length, ratio, vec3 } from "./quantity.js";
import type { OneOf } from "./oneKey.js";
import { oneKey } from "./oneKey.js";
import { orientation, rotate } from "./orientation.js";

const point = vec3(length());
const origin: [number, number, number] = [0, 0, 0];
const upright: [number, number, number, number] = [0, 0, 0, 1];
const positive = length({ above: 0 });

const box = z.strictObject({
  center: point.default(origin).describe("centre"),
  size: vec3(positive).describe("its edges"),
  orientation: orientation.default(upright).describe("orientation of its edges"),
});
const sphere = z.strictObject({
  center: point.default(origin).describe("centre"),
  radius: positive.describe("radius of the sphere"),
});
const capsule = z.strictObject({
  p0: point.describe("one end of its axis"),
  p1: point.describe("the other end"),
  radius: positive.describe("radius around the axis"),
});
const cylinder = z.strictObject({
  center: point.default(origin).describe("centre"),
  radius: positive.describe("radius around its axis"),
  height: positive.describe("height along its axis, its own z"),
  orientation: orientation.default(upright).describe("orientation of its axis"),
});
const direction = vec3(ratio()).refine((n) => Math.hypot(...n) > 1e-6, "a direction that is not zero");
const half_space = z
  .strictObject({
    normal: direction.describe("normal that points out of the solid half"),
    offset: length().default(0).describe("offset along the normal: solid where normal·x is at most this"),
  })
  .transform(({ normal, offset }) => {
    const norm = Math.hypot(...normal);
    return { normal: normal.map((x) => x / norm) as [number, number, number], offset };
  });

/** Shapes by the key that names them in YAML. Scenes use all of them; movable things cannot be half-spaces. */
export const solids = { box, sphere, capsule, cylinder };
export const shapes = { ...solids, half_space };

export type Solid = OneOf<typeof solids>;
export type Geometry = OneOf<typeof shapes>;

export const geometry: z.ZodType<Geometry> = oneKey("a shape", shapes);

/** The shape of the core that encloses a configured one: exact but for a cylinder, which becomes its bounding box. */
export function boundingShape(g: Geometry): Shape {
  switch (g.kind) {
    case "box":
      return { kind: "box", ...g.config };
    case "sphere":
      return { kind: "capsule", p0: g.config.center, p1: g.config.center, radius: g.config.radius };
    case "capsule":
      return { kind: "capsule", ...g.config };
    case "cylinder": {
      const { center, radius, height, orientation: turn } = g.config;
      return { kind: "box", center, size: [2 * radius, 2 * radius, height], orientation: turn };
    }
    case "half_space":
      return { kind: "halfSpace", ...g.config };
    default:
      return g satisfies never;
  }
}

/** The smallest ball about the shape's centre that holds it: { center, radius } in m. Half-spaces have none. */
export function boundingBall(g: Solid): { center: Vec3; radius: number } {
  switch (g.kind) {
    case "box":
      return { center: g.config.center, radius: Math.hypot(...g.config.size) / 2 };
    case "sphere":
      return g.config;
    case "capsule": {
      const { p0, p1, radius } = g.config;
      const center: Vec3 = [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
      return { center, radius: radius + Math.hypot(p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]) / 2 };
    }
    case "cylinder":
      return { center: g.config.center, radius: Math.hypot(g.config.radius, g.config.height / 2) };
    default:
      return g satisfies never;
  }
}

/** A solid moved by a pose: first turned, then shifted. */
export function moved(g: Solid, position: Vec3, turn: Quat): Solid {
  const place = (p: Vec3): [number, number, number] => {
    const r = rotate(turn, p);
    return [r[0] + position[0], r[1] + position[1], r[2] + position[2]];
  };
  switch (g.kind) {
    case "box":
      return {
        kind: "box",
        config: { ...g.config, center: place(g.config.center), orientation: product(turn, g.config.orientation) },
      };
    case "sphere":
      return { kind: "sphere", config: { ...g.config, center: place(g.config.center) } };
    case "capsule":
      return { kind: "capsule", config: { ...g.config, p0: place(g.config.p0), p1: place(g.config.p1) } };
    case "cylinder":
      return {
        kind: "cylinder",
        config: { ...g.config, center: place(g.config.center), orientation: product(turn, g.config.orientation) },
      };
    default:
      return g satisfies never;
  }
}

function product([ax, ay, az, aw]: Quat, [bx, by, bz, bw]: Quat): [number, number, number, number] {
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}
