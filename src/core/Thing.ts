import type { Shape } from "./geometry/Shape.js";

/** A movable thing whose shape is known. Its pose is a `Belief` of the same id. */
export interface Thing {
  readonly id: string;
  readonly kind: string; // "cup", "box", … as the scene names it
  // convex, in its own frame, m; together they enclose it: a cup has walls and a floor
  readonly parts: readonly Shape[];
  readonly mass: number; // kg, the most that it may be
  readonly friction: number;
}
