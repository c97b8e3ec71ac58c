import type { SlipConfig } from "../../config/CollectConfig.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Simulation } from "./Simulation.js";

const MOVING = 0.02; // m/s: slower than any push

/**
 * Random slips: a moving object sometimes gets a velocity across its direction of motion. Same generator, same calls,
 * same slips.
 */
export class Slips {
  constructor(
    private readonly simulation: Simulation,
    private readonly config: SlipConfig,
    private readonly rng: Rng,
  ) {}

  /**
   * Call once per model step. Resting objects use as many random numbers, so that draws do not depend on other objects.
   */
  strike(): void {
    const { chance, speed } = this.config;
    for (const { id } of this.simulation.objects()) {
      const slips = this.rng.uniform() < chance,
        side = this.rng.uniform() < 0.5 ? speed : -speed;
      const [vx, vy] = this.simulation.velocity(id);
      const v = Math.hypot(vx, vy);
      if (slips && v > MOVING) this.simulation.hit(id, [(-side * vy) / v, (side * vx) / v, 0]);
    }
  }
}
