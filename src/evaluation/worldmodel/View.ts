import type { Texture } from "../../collect/drawEpisode.js";
import type { Camera } from "../../sim/index.js";

/** How the world is seen: from where, and before what. */
export interface View extends Camera {
  readonly texture?: Texture; // drifts in place of the floor
}
