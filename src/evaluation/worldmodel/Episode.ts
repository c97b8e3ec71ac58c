import type { Vec3 } from "../../core/geometry/Shape.js";
import type { View } from "./View.js";

/** The goal of an episode: a state of the same scene that a motion from the episode's start has reached. */
export interface Goal {
  readonly objects: Float64Array; // [no,3] m
  readonly tool: Vec3; // m
  readonly q: Float64Array; // [nq] rad
  readonly images: ReadonlyMap<string, Uint8Array>; // of the goal state in each view, [height,width,3]
}

/** One task of the bench, the same for every policy. */
export interface Episode {
  readonly kind: "push" | "reach";
  readonly seed: number; // of the scene
  readonly start: Float64Array; // [nq] rad
  readonly goal: Goal;
  readonly object: number; // the object that shall move; −1 for none
  readonly views: ReadonlyMap<string, View>; // by name: the scene's camera, and views drawn for this episode
}
