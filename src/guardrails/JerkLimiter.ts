import type { Seconds } from "../core/Seconds.js";

/** Bounds of one joint: rad, rad/s, rad/s², rad/s³. */
export interface JerkLimits {
  readonly lo: number;
  readonly hi: number;
  readonly velocity: number;
  readonly acceleration: number;
  readonly jerk: number;
}

const HALVINGS = 8;
const NONE = 5e-11; // of a bound: rounding, not an excess

/**
 * One joint whose jerk is limited too (obligation G2). Over each period the acceleration goes linearly from a to a⁺, so cubic Hermite reproduces it.
 * A step is taken only if it *and* a stop after it keep lo, hi, V, A and J; else it is bisected toward the stored stop's own next step, and at last
 * that stop goes on, which was verified when it was stored: by induction there is always one.
 *
 * The stop in n periods from (v, a): accelerations a₀ = a, …, a_n = 0 with |a_{i+1} − a_i| ≤ Jδ, |a_i| ≤ A and v + δ(½a₀ + a₁ + … + a_{n−1}) = 0.
 * All such sequences lie between the lowest and the highest,
 *
 *     L_i = max(a − iJδ, −A, −(n−i)Jδ),   U_i = min(a + iJδ, A, (n−i)Jδ)
 *
 * and every θL + (1−θ)U is one, since the bounds are linear: n is the least for which the sum can be met, θ follows. The stop ends at rest on a
 * sample, exactly, which the time-optimal one (stopping distance va/J + a³/3J² + v₀T/2) does not; it is at most one period longer.
 */
export class JerkLimiter {
  a = 0; // rad/s², as q and v at the last sample
  private stop: Float64Array; // a₁ … a_n of the stored stop
  private left = 0; // how many of them are to come
  private first = 0;
  private trial: Float64Array;
  private size = 0; // of the trial
  private x = 0; // the state that `hold` has reached
  private s = 0;

  /** Begins at rest. @throws RangeError if a bound is none */
  constructor(
    private readonly limits: JerkLimits,
    private readonly dt: Seconds,
    public q: number, // rad
    public v = 0, // rad/s
  ) {
    const { lo, hi, velocity: V, acceleration: A, jerk: J } = limits;
    if (!(lo <= hi && V > 0 && A > 0 && J > 0 && dt > 0)) throw new RangeError(`got lo ${lo}, hi ${hi}, velocity ${V}, acceleration ${A}, jerk ${J}, period ${dt}, want lo ≤ hi and the rest above 0`);
    const longest = Math.ceil((2 * V) / (A * dt) + (4 * A) / (J * dt)) + 8 + 2 * Math.ceil(2 * Math.sqrt((2 * V) / J) / dt);
    this.stop = new Float64Array(longest);
    this.trial = new Float64Array(longest);
  }

  /** One period toward velocity w. What is no number brakes. */
  step(w: number): void {
    const { limits, dt, a, v } = this;
    const brake = this.left > 0 ? this.stop[this.first] : 0;
    const reach = limits.jerk * dt;
    const least = Math.max(-limits.acceleration, a - reach), most = Math.min(limits.acceleration, a + reach);
    const c = w - v - 0.5 * a * dt; // a⁺ from which a can return to 0 while v comes to w: a⁺²/2J + a⁺δ = c
    const wish = Math.max(least, Math.min(most, Math.sign(c) * limits.jerk * (Math.sqrt(dt * dt + (2 * Math.abs(c)) / limits.jerk) - dt)));
    for (let i = 0, scale = 1; i <= HALVINGS; i++, scale /= 2) {
      const next = i === HALVINGS ? brake : brake + scale * (wish - brake);
      if (this.holds(next)) {
        [this.stop, this.trial] = [this.trial, this.stop];
        this.left = this.size;
        this.first = 0;
        return this.move(next);
      }
    }
    if (this.left > 0) {
      this.left--;
      this.first++;
    }
    this.move(brake);
  }

  /** Whether the step to acceleration `next` and a stop after it, left in `trial`, keep all bounds. */
  private holds(next: number): boolean {
    const { limits, dt, q, v, a, trial } = this;
    this.x = q;
    this.s = v;
    if (!this.passes(a, next)) return false;
    const n = this.plan(this.s, next);
    if (n < 0) return false;
    let last = next;
    for (let i = 0; i < n; i++) {
      if (!this.passes(last, trial[i])) return false;
      last = trial[i];
    }
    this.size = n;
    return Math.abs(this.s) <= 1e-9 * Math.max(1, limits.velocity) && this.x >= limits.lo - NONE && this.x <= limits.hi + NONE && dt > 0;
  }

  /** Carries (x, s) over one period with the acceleration going from a to b. @returns whether position and speed keep their bounds all the way */
  private passes(a: number, b: number): boolean {
    const { limits, dt, x, s } = this;
    const j = (b - a) / dt;
    const end = s + 0.5 * (a + b) * dt;
    let fastest = Math.max(Math.abs(s), Math.abs(end));
    if (a * b < 0) fastest = Math.max(fastest, Math.abs(s - (a * a) / (2 * j)));
    const at = (t: number): number => x + (s + (0.5 * a + (j * t) / 6) * t) * t;
    let low = Math.min(x, at(dt)), high = Math.max(x, at(dt));
    const d = a * a - 2 * j * s;
    if (d >= 0) {
      const r = -(a + (a >= 0 ? 1 : -1) * Math.sqrt(d)); // the roots of s + at + ½jt² are r/j and 2s/r
      for (let k = 0; k < 2; k++) {
        const t = k === 0 ? r / j : (2 * s) / r;
        if (t > 0 && t < dt) {
          low = Math.min(low, at(t));
          high = Math.max(high, at(t));
        }
      }
    }
    this.x = at(dt);
    this.s = end;
    return fastest <= limits.velocity + NONE * limits.velocity && low >= limits.lo - NONE && high <= limits.hi + NONE;
  }

  /** Fills `trial` with the accelerations of the shortest stop from (v, a). @returns its length, −1 if it is too long */
  private plan(v: number, a: number): number {
    const { limits, dt, trial } = this;
    const reach = limits.jerk * dt, A = limits.acceleration;
    const want = -v / dt - 0.5 * a; // Σ a₁ … a_{n−1}
    const least = Math.max(0, Math.ceil(Math.abs(a) / reach - 1e-9));
    if (least === 0 && Math.abs(want) < 1e-12) return 0;
    for (let n = Math.max(1, least); n <= trial.length; n++) {
      let low = 0, high = 0;
      for (let i = 1; i < n; i++) {
        low += Math.max(a - i * reach, -A, -(n - i) * reach);
        high += Math.min(a + i * reach, A, (n - i) * reach);
      }
      if (!(want >= low - 1e-12 && want <= high + 1e-12)) continue;
      const theta = high > low ? Math.max(0, Math.min(1, (high - want) / (high - low))) : 0;
      for (let i = 1; i <= n; i++) {
        const L = Math.max(a - i * reach, -A, -(n - i) * reach), U = Math.min(a + i * reach, A, (n - i) * reach);
        trial[i - 1] = theta * L + (1 - theta) * U;
      }
      trial[n - 1] = 0;
      return n;
    }
    return -1;
  }

  private move(next: number): void {
    const { dt, a } = this;
    this.q += (this.v + (a / 3 + next / 6) * dt) * dt;
    this.v += 0.5 * (a + next) * dt;
    this.a = next;
    if (this.left === 0 && next === 0 && Math.abs(this.v) < 1e-9) this.v = 0; // the stop's rounding
  }
}
