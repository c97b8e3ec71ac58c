import type { MakeExplorer } from "./Explorer.js";
import { PickExplorer } from "./PickExplorer.js";
import { PostureExplorer } from "./PostureExplorer.js";
import { PushExplorer } from "./PushExplorer.js";

/** The explorer of an episode, drawn with the weights of the configuration. */
export const explore: MakeExplorer = (config, things, rng, setup) => {
  const { posture, pick } = config.explorer;
  if (posture > 0 && rng.uniform() < posture) return new PostureExplorer(config, setup, rng);
  if (pick > 0 && rng.uniform() < pick) return new PickExplorer(config, things, rng, setup);
  return new PushExplorer(config, things, rng);
};
