import type { Texture } from "../../collect/drawEpisode.js";
import type { Camera } from "../../sim/index.js";

/** A view of the world: the camera's pose and the background. */
export interface View extends Camera {
  readonly texture?: Texture; // a drifting picture that replaces the floor
}
