import type { Shape } from "./geometry/Shape.js";

/** A thing in the hand: it moves with the tool. Plain data. */
export interface Held {
  readonly id: string;
  readonly pose: Float64Array; // [12] rows of its 3×4 pose in the tool's frame, m
  readonly parts: readonly Shape[]; // convex, in its own frame, m; together they enclose it
  readonly mass: number; // kg, the most that it may be
  readonly positionStd: number; // m, of its place in the hand
}
