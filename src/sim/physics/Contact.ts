import type { Vec3 } from "../../core/geometry/Shape.js";

/** One contact between two things of the scene, named by link, id or "floor". */
export interface Contact {
  readonly body1: string;
  readonly body2: string;
  readonly force: number; // N
  readonly position: Vec3; // m, world
  readonly depth: number; // m, positive when they overlap
}
