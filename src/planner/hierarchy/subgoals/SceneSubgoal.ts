import type { Plan } from "../../../core/Plan.js";
import type { Rollouts } from "../../../core/Rollouts.js";
import type { Seconds } from "../../../core/Seconds.js";
import type { State } from "../../../core/State.js";
import { stepAt, type Subgoal, type SubgoalKind } from "./Subgoal.js";

const SCALE = 0.05; // m, unit of distances

/**
 * Where the plan above predicts the objects for the end of this level's horizon,
 *
 *     c = 1/S Σ_s Σ_i ‖p_{s,H,i} − p*_i‖²/ε²,   ε = 5 cm
 *
 * over the S draws of the random latents and all objects i. Beyond the end of the plan above, its last scene is the
 * target.
 */
export class SceneSubgoal implements Subgoal {
  readonly name = "subgoal";
  private above: Plan | undefined;
  private begun: Seconds = 0;

  aim(above: Plan, { stamp }: State): void {
    this.above = above;
    this.begun = stamp;
  }

  evaluate({ H, S, dt, no, objects }: Rollouts, out: Float64Array, K: number): void {
    out.fill(0, 0, K);
    const { above } = this;
    if (above?.predicted === undefined) return;
    const goal = stepAt(above, this.begun + H * dt) * 3 * no;
    const { positions } = above.predicted;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let s = 0; s < S; s++) {
        const end = ((k * S + s) * (H + 1) + H) * 3 * no;
        for (let i = 0; i < 3 * no; i++) sum += ((objects[end + i] - positions[goal + i]) / SCALE) ** 2;
      }
      out[k] = sum / S;
    }
  }
}

/** `subgoal: scene` */
export const scene: SubgoalKind = {
  describe: "where the plan above predicts the objects for the end of this level's horizon",
  learned: true,
  make: () => new SceneSubgoal(),
};
