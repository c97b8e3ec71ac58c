import type { Quat, Vec3 } from "./geometry/Shape.js";

/** Where a frame stands in another, the arm's base where nothing else is said. */
export interface FramePose {
  readonly position: Vec3; // m
  readonly orientation: Quat;
}
