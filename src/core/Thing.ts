import type { Shape } from "./geometry/Shape.js";

/** A thing whose shape is known. A movable one's pose is a `Belief` of the same id. Plain data. */
export interface Thing {
  readonly id: string;
  readonly kind: string; // "cup", "box", … as the scene names its shape
  // convex, in its own frame (of a fixed one the base frame), m; together they enclose it: a cup has walls and a floor
  readonly parts: readonly Shape[];
  readonly round?: boolean; // the same however it is turned about its own z axis
  readonly inside?: Extract<Shape, { kind: "box" }>; // the room in it, open at the top: of a cup, of a bin
  readonly mass: number; // kg, the most that it may be
  readonly friction: number;
}
