import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import { JerkLimiter } from "../guardrails/filter/JerkLimiter.js";
import { viableVelocities } from "../guardrails/filter/viableVelocities.js";
import { Tracker } from "./Tracker.js";

/** State commanded at one instant: where the next step begins. */
export interface CommandedKnot {
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  readonly a: Float64Array; // [nq] rad/s²
}

/** The velocity requested of the safety filter for the step that begins at a knot. */
export class RequestedVelocity {
  readonly w: Float64Array; // [nq] rad/s
  private readonly tracker = new Tracker();
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly u: Float64Array;
  private jerk: JerkLimiter | undefined;

  constructor(
    private readonly knot: CommandedKnot,
    private bounds: JointLimits,
    private readonly dt: Seconds,
  ) {
    const n = bounds.lo.length;
    this.w = new Float64Array(n);
    this.lower = new Float64Array(n);
    this.upper = new Float64Array(n);
    this.u = new Float64Array(n);
    this.limits = bounds;
  }

  get limits(): JointLimits {
    return this.bounds;
  }

  /** @throws RangeError on limits under which a stop takes too long */
  set limits(limits: JointLimits) {
    this.jerk = limits.jerk === undefined ? undefined : new JerkLimiter({ ...limits, jerk: limits.jerk }, this.dt);
    this.bounds = limits;
  }

  follow(plan: Plan | undefined): void {
    this.tracker.follow(plan);
  }

  /** Whether there is a plan for time t. */
  follows(t: Seconds): boolean {
    return this.tracker.follows(t);
  }

  /**
   * The plan's velocity, mapped into the reachable ones: after a late plan it takes several steps to return to it.
   */
  track(stamp: Seconds): void {
    const { w, lower, upper, jerk, bounds, dt } = this;
    const { q, v } = this.knot;
    this.tracker.velocity(w, q, v, stamp, dt);
    viableVelocities(lower, upper, q, v, 0, bounds, dt);
    for (let j = 0; j < w.length; j++) w[j] = Math.max(lower[j], Math.min(upper[j], w[j]));
    if (jerk !== undefined) for (let j = 0; j < w.length; j++) if (jerk.applies(j)) this.glide(jerk, j, stamp);
  }

  /** A step from rest toward joints [nq], as far as one step can go. */
  stepTo(to: Float64Array): void {
    const { w, dt } = this,
      { acceleration } = this.bounds,
      { q } = this.knot;
    let scale = 1 / dt;
    for (let j = 0; j < w.length; j++) scale = Math.min(scale, (acceleration[j] * dt) / Math.abs(to[j] - q[j]));
    for (let j = 0; j < w.length; j++) w[j] = scale * (to[j] - q[j]);
  }

  /** The same for a joint whose jerk is limited: the plan without its corners, filtered through what jerk allows. */
  private glide(jerk: JerkLimiter, j: number, stamp: Seconds): void {
    const { w, u, tracker, bounds, dt, knot } = this;
    const v = knot.v[j],
      a = knot.a[j];
    tracker.glide(w, u, j, knot, stamp, dt, Math.max(dt, (2 * bounds.acceleration[j]) / bounds.jerk![j]));
    u[j] = jerk.toward(j, v, a, w[j], u[j]);
    jerk.limit(j, knot.q, knot.v, knot.a, u);
    w[j] = v + 0.5 * (a + u[j]) * dt;
  }
}
