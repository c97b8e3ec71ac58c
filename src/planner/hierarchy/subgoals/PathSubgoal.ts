import type { JointLimits } from "../../../core/JointLimits.js";
import type { Plan } from "../../../core/Plan.js";
import type { Rollouts } from "../../../core/Rollouts.js";
import type { Seconds } from "../../../core/Seconds.js";
import { measuredJoints } from "../../../core/math/measuredJoints.js";
import type { State } from "../../../core/State.js";
import { TimedPath } from "../../TimedPath.js";
import type { Subgoal, SubgoalKind } from "./Subgoal.js";

/**
 * The joint path of the plan above as the cost of this level,
 *
 *     c = Δt Σ_h ‖(q_h − q*(s + h Δt)) ⊘ V‖   [s²]
 *
 * where q* is the upper level's predicted path on its own fastest time and s the point of it that the arm has reached.
 * The reference runs ahead at full speed, so the cheapest admissible solution is to follow as fast as possible, and to
 * stop at its end. A path that is `timed` is followed on its own time: s is the time since its beginning.
 */
export class PathSubgoal implements Subgoal {
  readonly name = "subgoal";
  path: TimedPath | undefined;
  start: Seconds = 0; // path time of the arm's present state
  private readonly reference: Float64Array; // [nq]

  constructor(private readonly limits: JointLimits) {
    this.reference = new Float64Array(limits.lo.length);
  }

  aim(above: Plan, from: State): void {
    this.path = new TimedPath(above, this.limits);
    this.start = above.timed
      ? Math.max(0, Math.min(this.path.duration, from.stamp - above.stamp))
      : this.path.nearest(measuredJoints(from));
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

/** `subgoal: path` */
export const path: SubgoalKind = {
  describe: "the path of the arm in the plan above, followed as fast as possible, or at its own pace",
  make: ({ limits }) => new PathSubgoal(limits),
};
