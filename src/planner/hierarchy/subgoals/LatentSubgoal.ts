import type { Plan } from "../../../core/Plan.js";
import type { Rollouts } from "../../../core/Rollouts.js";
import type { Seconds } from "../../../core/Seconds.js";
import type { State } from "../../../core/State.js";
import { stepAt, type Subgoal, type SubgoalKind } from "./Subgoal.js";

/**
 * The latent that the plan above predicts for the end of this level's horizon,
 *
 *     c = 1/(S·D) Σ_s Σ_d ((z_{s,H,d} − z*_d)/σ_d)²
 *
 * over the S draws of the random latents; σ is each latent's spread over the model's training data. Beyond the end of
 * the plan above, its last latent is the target.
 */
export class LatentSubgoal implements Subgoal {
  readonly name = "subgoal";
  private above: Plan | undefined;
  private begun: Seconds = 0;

  /** @param std σ [D] */
  constructor(private readonly std: readonly number[]) {}

  aim(above: Plan, { stamp }: State): void {
    this.above = above;
    this.begun = stamp;
  }

  evaluate({ H, S, dt, dim, z }: Rollouts, out: Float64Array, K: number): void {
    out.fill(0, 0, K);
    const { above, std } = this;
    if (above === undefined) return;
    const goal = stepAt(above, this.begun + H * dt) * dim;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let s = 0; s < S; s++) {
        const end = ((k * S + s) * (H + 1) + H) * dim;
        for (let d = 0; d < dim; d++) sum += ((z[end + d] - above.z[goal + d]) / std[d]) ** 2;
      }
      out[k] = sum / (S * dim);
    }
  }
}

/** `subgoal: latent` */
export const latent: SubgoalKind = {
  describe: "the latent that the plan above predicts for the end of this level's horizon",
  learned: true,
  make: ({ space }) => new LatentSubgoal(space!.latent.std),
};
