import type { MakeExplorer } from "./Explorer.js";
import { PostureExplorer } from "./PostureExplorer.js";
import { PushExplorer } from "./PushExplorer.js";

/** The explorer of an episode, drawn with the weights of the configuration. */
export const explore: MakeExplorer = (config, things, rng, setup) =>
  config.explorer.posture > 0 && rng.uniform() < config.explorer.posture
    ? new PostureExplorer(config, setup, rng)
    : new PushExplorer(config, things, rng);
