import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";

/**
 * A plan's joint path on its own time: T_{i+1} = T_i + max_j |q_{i+1,j} − q_{i,j}| / V_j, the least time in which the
 * arm could follow it; for a plan that is `timed`, at least the time that it gives each knot.
 * This is the abstraction map between levels: a lower level's state (q, v) at time t is seen as the point q(T) of the
 * path.
 */
export class TimedPath {
  readonly duration: Seconds;
  private readonly n: number;
  private readonly times: Float64Array; // [points]
  private readonly q: Float64Array; // [points,nq]

  constructor(plan: Pick<Plan, "q" | "nq"> & Partial<Pick<Plan, "timed" | "dt" | "substeps">>, limits: JointLimits) {
    const n = (this.n = plan.nq);
    const points = plan.q.length / n;
    this.q = plan.q;
    this.times = new Float64Array(points);
    const least = plan.timed === true ? plan.dt! / plan.substeps! : 0;
    for (let i = 1; i < points; i++) {
      let step = least;
      for (let j = 0; j < n; j++)
        step = Math.max(step, Math.abs(plan.q[i * n + j] - plan.q[(i - 1) * n + j]) / limits.velocity[j]);
      this.times[i] = this.times[i - 1] + step;
    }
    this.duration = this.times[points - 1];
  }

  /** The point at path time s, held at both ends: out[nq] from offset io, rad. */
  sample(s: Seconds, out: Float64Array, io: number): void {
    const { n, times, q } = this;
    let i = 0;
    while (i + 2 < times.length && times[i + 1] < s) i++;
    const span = times[i + 1] - times[i];
    let u = s > times[i] ? 1 : 0;
    if (span > 0) u = Math.max(0, Math.min(1, (s - times[i]) / span));
    for (let j = 0; j < n; j++) out[io + j] = q[i * n + j] + u * (q[(i + 1) * n + j] - q[i * n + j]);
  }

  /** The path time of the point nearest to q in joint space; the earlier one where several are as near. */
  nearest(q: Float64Array): Seconds {
    const { n, times } = this;
    let best = Infinity;
    let at = 0;
    for (let i = 0; i + 1 < times.length; i++) {
      let along = 0;
      let length = 0;
      for (let j = 0; j < n; j++) {
        const d = this.q[(i + 1) * n + j] - this.q[i * n + j];
        along += d * (q[j] - this.q[i * n + j]);
        length += d * d;
      }
      const u = length > 0 ? Math.max(0, Math.min(1, along / length)) : 0;
      let distance = 0;
      for (let j = 0; j < n; j++) {
        const x = this.q[i * n + j];
        distance += (q[j] - x - u * (this.q[(i + 1) * n + j] - x)) ** 2;
      }
      if (distance < best - 1e-9) {
        best = distance;
        at = times[i] + u * (times[i + 1] - times[i]);
      }
    }
    return at;
  }
}
