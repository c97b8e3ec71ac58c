import { z } from "zod";
import type { Held } from "../core/Held.js";
import type { Shape } from "../core/geometry/Shape.js";
import { transformFromQuat } from "../core/geometry/transformFromQuat.js";
import { boundingShape, shapes, solids, type Geometry } from "./geometry.js";
import { oneKey } from "./oneKey.js";
import { orientation } from "./orientation.js";
import { length, mass, vec3 } from "./quantity.js";

/** Geometry of the base frame that has a name. Plain data. */
export interface NamedShape {
  readonly id: string;
  readonly shape: Shape;
}

/** What the thing in the hand may rest on or touch. Plain data. */
export interface SupportConfig {
  readonly ids: readonly string[]; // of fixed geometry, or of shapes that are avoided
  readonly shapes: readonly NamedShape[]; // further ones
  readonly depth: number; // m, how deep it may be inside them
  readonly release_height?: number; // m, from which it may be let go there; absent: the robot's
}

/** Things that the arm keeps clear of. Plain data. */
export interface AvoidConfig {
  readonly shapes: readonly NamedShape[];
  readonly spared: readonly string[]; // links or capsules that may come near, `held` for the thing in the hand
}

const MOST_PARTS = 40;
const id = z.string().min(1).max(80);

const namedShape = oneKey("a shape", shapes, { id: id.describe("its name") }).transform((written): NamedShape => ({
  id: written.id,
  shape: boundingShape(written as Geometry),
}));

/** What a step of a task says of the thing in the hand and of those around it. */
export const handSchemas = {
  /** The thing in the hand: it moves with the tool, and every guardrail counts it as a part of the arm. */
  holding: z
    .strictObject({
      id: id.describe("its name"),
      position: vec3(length({ min: -2, max: 2 })).describe("its origin, in the tool frame"),
      orientation: orientation.default([0, 0, 0, 1]).describe("orientation of its axes"),
      parts: z
        .array(oneKey("a shape", solids))
        .min(1)
        .max(MOST_PARTS)
        .describe("shapes in its own frame that together enclose it"),
      mass: mass({ min: 0, max: 1000 }).describe("the most that it may weigh"),
      position_std: length({ min: 0, max: 0.1 }).default(0).describe("standard deviation of its place in the hand"),
    })
    .transform(({ id: name, position, orientation: turn, parts, mass: kg, position_std }): Held => ({
      id: name,
      pose: transformFromQuat(new Float64Array(12), 0, turn, position),
      parts: parts.map(boundingShape),
      mass: kg,
      positionStd: position_std,
    }))
    .describe("the thing in the hand, which counts as a part of the arm"),
  /** What the thing in the hand may rest on or touch. The arm keeps its clearance to it. */
  support: z
    .strictObject({
      ids: z
        .array(id)
        .max(100)
        .default([])
        .describe("fixed shapes of the scene, or shapes of `avoid`, that the held thing may touch"),
      shapes: z.array(namedShape).max(100).default([]).describe("further shapes that it may touch, in the base frame"),
      depth: length({ min: 0, max: 0.02 })
        .default(0.005)
        .describe("how deep it may be inside them, as far as poses are known"),
      release_height: length({ min: 0, max: 0.5 })
        .optional()
        .describe("how far it may fall there when the hand lets it go; default: the robot's release_height"),
    })
    .describe("what the held thing may rest on or touch"),
  /** Things where the arm moves, as obstacles. */
  avoid: z
    .strictObject({
      shapes: z.array(namedShape).min(1).max(200).describe("shapes in the base frame"),
      spared: z
        .array(id)
        .max(100)
        .default([])
        .describe("names of the arm's links or capsules that may come near them; `held` for the thing in the hand"),
    })
    .describe("things that the arm must keep clear of"),
} as const;
