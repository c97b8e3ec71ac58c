import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Seconds } from "../core/Seconds.js";
import type { CostTerm } from "../cost/CostTerm.js";
import { TimedPath } from "./TimedPath.js";

/**
 * The subgoal handed down: the plan of the level above as a cost of this one,
 *
 *     c = Δt Σ_h ‖(q_h − q*(s + h Δt)) ⊘ V‖   [s²]
 *
 * where q* is the upper level's predicted path on its own fastest time and s the point of it that the arm has come to.
 * The reference runs ahead at full speed, so the cheapest admissible answer is to follow as fast as the arm can, and to
 * stop at its end. A path that is `timed` is followed on its own time: s is what has passed since its beginning.
 */
export class SubgoalCost implements CostTerm {
  readonly name = "subgoal";
  path: TimedPath | undefined;
  start: Seconds = 0; // path time of the arm's present state
  private readonly reference: Float64Array; // [nq]

  constructor(private readonly limits: JointLimits) {
    this.reference = new Float64Array(limits.lo.length);
  }

  /** Aims at another plan, from joint positions q at time `stamp`. */
  aim(plan: Plan, q: Float64Array, stamp: Seconds): void {
    this.path = new TimedPath(plan, this.limits);
    this.start =
      plan.timed === true ? Math.max(0, Math.min(this.path.duration, stamp - plan.stamp)) : this.path.nearest(q);
  }

  evaluate(r: Rollouts, out: Float64Array, K: number): void {
    out.fill(0, 0, K);
    const { path, reference } = this;
    if (path === undefined) return;
    const { velocity } = this.limits;
    for (let h = 1; h <= r.H; h++) {
      path.sample(this.start + h * r.dt, reference, 0);
      for (let k = 0; k < K; k++) {
        const i = (k * r.N + h * r.substeps) * r.nq;
        let square = 0;
        for (let j = 0; j < r.nq; j++) square += ((r.q[i + j] - reference[j]) / velocity[j]) ** 2;
        out[k] += r.dt * Math.sqrt(square);
      }
    }
  }
}
