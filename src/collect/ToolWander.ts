import type { CollectConfig } from "../config/index.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import { ActionNoise } from "./ActionNoise.js";

const SPREAD = 0.6; // of the places, in half widths of the box

/**
 * Successive goal positions of the tool, independent of objects: p = m + h ⊙ clip(n, −1, 1) with the box's centre m,
 * half widths h, and correlated noise n. In the share of episodes that is not `free` the tool stays at the bottom of
 * the box, where objects lie.
 */
export class ToolWander {
  readonly purpose: "low" | "free";
  private readonly noise: ActionNoise;

  constructor(
    private readonly config: CollectConfig,
    rng: Rng,
  ) {
    const { push, low, free, memory } = config.explorer;
    this.purpose = rng.range(0, push + low + free) < push + low ? "low" : "free";
    this.noise = new ActionNoise(3, memory, SPREAD, rng);
  }

  /** m, base frame */
  next(): Vec3 {
    const { low, high } = this.config.tool.box;
    const n = this.noise.next();
    if (this.purpose === "low") n[2] = -1;
    return [0, 1, 2].map(
      (c) => 0.5 * (low[c] + high[c] + Math.max(-1, Math.min(1, n[c])) * (high[c] - low[c])),
    ) as unknown as Vec3;
  }
}
