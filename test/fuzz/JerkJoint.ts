import { JerkLimiter } from "../../src/guardrails/filter/JerkLimiter.js";

/** Bounds of one joint: rad, rad/s, rad/s², rad/s³. */
export interface JerkBounds {
  readonly lo: number;
  readonly hi: number;
  readonly velocity: number;
  readonly acceleration: number;
  readonly jerk: number;
}

/** One joint that moves as the jerk limiter lets it: toward a velocity, on its stored stop where that is no number. */
export class JerkJoint {
  a = 0; // rad/s²
  v = 0; // rad/s
  refused = 0; // steps for which the limiter knew no acceleration at all
  private readonly limiter: JerkLimiter;
  private stop: number[] = [];

  constructor(
    bounds: JerkBounds,
    private readonly dt: number,
    public q: number, // rad
    Limiter: typeof JerkLimiter = JerkLimiter,
  ) {
    const { lo, hi, velocity, acceleration, jerk } = bounds;
    this.limiter = new Limiter(
      {
        lo: Float64Array.of(lo),
        hi: Float64Array.of(hi),
        velocity: Float64Array.of(velocity),
        acceleration: Float64Array.of(acceleration),
        effort: Float64Array.of(1),
        jerk: Float64Array.of(jerk),
      },
      dt,
    );
  }

  step(w: number): void {
    const { limiter, dt, q, v, a } = this;
    const limited = Float64Array.of(limiter.toward(0, v, a, w, 0));
    limiter.limit(0, Float64Array.of(q), Float64Array.of(v), Float64Array.of(a), limited);
    let [next] = limited;
    if (Number.isNaN(next)) {
      if (Number.isFinite(w)) this.refused++;
      next = this.stop.shift() ?? 0;
    } else this.stop = [...limiter.stops.subarray(0, limiter.lengths[0])];
    this.q += (v + (a / 3 + next / 6) * dt) * dt;
    this.v += 0.5 * (a + next) * dt;
    this.a = next;
    if (this.stop.length === 0 && next === 0 && Math.abs(this.v) < 1e-9) this.v = 0; // the stop's rounding
  }
}
