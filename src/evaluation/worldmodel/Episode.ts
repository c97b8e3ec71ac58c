import type { Vec3 } from "../../core/geometry/Shape.js";
import type { View } from "./View.js";

/** Where an episode shall end: a true state of the same scene that a motion from its start once led to. */
export interface Goal {
  readonly objects: Float64Array; // [no,3] m
  readonly tool: Vec3; // m
  readonly q: Float64Array; // [nq] rad
  readonly images: ReadonlyMap<string, Uint8Array>; // as each view shows it, [height,width,3]
}

/** One task of the bench, the same for every policy. */
export interface Episode {
  readonly kind: "push" | "reach";
  readonly seed: number; // of the scene
  readonly start: Float64Array; // [nq] rad
  readonly goal: Goal;
  readonly object: number; // which one shall move; −1 for none
  readonly views: ReadonlyMap<string, View>; // by name: the scene's camera, and others drawn for this episode
}
