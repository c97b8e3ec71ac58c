import { Kinds } from "../../../core/Kinds.js";
import { latent } from "./LatentSubgoal.js";
import { path } from "./PathSubgoal.js";
import { scene } from "./SceneSubgoal.js";
import type { SubgoalKind } from "./Subgoal.js";

/** Subgoals by their name in `subgoal` of a level. */
export const subgoals = new Kinds<SubgoalKind>("subgoal", { path, latent, scene });
