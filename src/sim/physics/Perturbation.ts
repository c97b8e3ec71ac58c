import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { Seconds } from "../../core/Seconds.js";

/** A disturbance of the world; those of sensors belong to SensorChannel. */
export interface Perturbation {
  readonly action: "move" | "hide" | "show" | "freeze" | "unfreeze" | "clear";
  readonly target: string; // id of an object or body; for "clear" also "" = all
  readonly position?: Vec3; // m, world; for "move"
  readonly orientation?: Quat; // x, y, z, w; for "move"
  readonly duration?: Seconds; // then undo; 0 or absent: until cleared
}
