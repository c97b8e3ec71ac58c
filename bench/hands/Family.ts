import type { SceneConfig } from "../../src/config/index.js";
import type { Rng } from "../../src/core/math/Rng.js";

/** One task drawn from a family. */
export interface DrawnTask {
  readonly words: string;
  readonly task: string; // a name, or YAML
  readonly scene: SceneConfig; // before its own draw
}

/** A kind of tasks for a hand, of which any number can be drawn. */
export interface Family {
  readonly scene: string; // in config/scenes
  readonly limit: number; // s, simulated, of one task
  readonly spill?: number; // rad: the greatest angle of the carried cup to the vertical that its liquid feels
  draw(scene: SceneConfig, index: number, rng: Rng): DrawnTask;
}
