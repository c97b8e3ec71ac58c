import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Episode } from "./Episode.js";
import type { World } from "./World.js";

/** Moves the arm in an episode, one model step at a time. */
export interface Policy {
  readonly name: string;
  begin(episode: Episode, view: string, world: World, rng: Rng): void | Promise<void>;
  /** The plan for the next step. Without a plan the arm comes to rest. */
  act(world: World): Plan | undefined | Promise<Plan | undefined>;
}
