import type { Quat, Vec3 } from "./geometry/Shape.js";

/** The pose of a frame in another, by default in the arm's base frame. */
export interface FramePose {
  readonly position: Vec3; // m
  readonly orientation: Quat;
}
