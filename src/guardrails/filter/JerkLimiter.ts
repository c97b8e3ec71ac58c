import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";
import { longestStop } from "./longestStop.js";

const HALVINGS = 8;
const NONE = 5e-11; // of a bound: rounding, not an excess
const X = 0,
  S = 1,
  A0 = 2,
  A1 = 3; // the state that `passes` has reached, and the accelerations from and to which it goes
const LEAST = 4,
  MOST = 5,
  SLACK = 6; // position bounds of the joint, with the slack
const ROUNDING = 1e-9; // rad/s², of a sum of accelerations

/**
 * Joints whose jerk is limited too (obligation G2). Over each period δ the acceleration goes linearly from a to a⁺, so
 * cubic Hermite reproduces it. An acceleration a⁺ is admissible if and only if |a⁺| ≤ A, |a⁺ − a| ≤ Jδ, and the step
 * *and* the stop after it keep lo, hi and V all the way.
 *
 * The stop in n periods from (v, a): accelerations x₀ = a, …, x_n = 0 with |x_{i+1} − x_i| ≤ R = Jδ, |x_i| ≤ A and v +
 * δ(½x₀ + x₁ + … + x_{n−1}) = 0. All such sequences lie between the lowest and the highest, L_i = max(a − iR, −A,
 * −(n−i)R) and U_i = min(a + iR, A, (n−i)R). n is the least for which the sum can be met. If one period less would
 * need still lower accelerations, the stop is
 *
 *     x_i = min(U_i, max(L_i, s − (n−i)R)),   s from the sum;   else its mirror image
 *
 * that is, brake as hard as possible and release along one line: the time-optimal stop on a grid, exactly at rest on a
 * sample. The rest of a stop after its first period is the stop from there (the same s). So if a step was accepted, the
 * next step of its stop will be: by induction there is always one.
 */
export class JerkLimiter {
  readonly longest: number; // periods of the longest stop
  readonly stops: Float64Array; // [nq,longest] x₁ … x_n after the last acceptable acceleration
  readonly lengths: Int32Array; // [nq] n
  // values under evaluation, see X …: numbers passed between functions, or kept in fields, would be boxed at every
  // step
  private readonly at = new Float64Array(7);

  /** @param limits with jerk; joints of infinite jerk are not handled here */
  constructor(
    private readonly limits: JointLimits & { readonly jerk: Float64Array },
    private readonly dt: Seconds,
  ) {
    const { jerk } = limits,
      n = jerk.length;
    for (let j = 0; j < n; j++)
      if (!(jerk[j] > 0))
        throw new RangeError(
          `jerk of joint ${j + 1}: got ${jerk[j]} rad/s³ (of a sliding joint m/s³), want more than 0`,
        );
    const longest = (this.longest = longestStop(limits, dt));
    this.stops = new Float64Array(n * longest);
    this.lengths = new Int32Array(n);
  }

  /** Whether joint j's jerk is limited. */
  applies(j: number): boolean {
    return this.limits.jerk[j] < Infinity;
  }

  /**
   * Changes next[j], the acceleration requested of joint j in its state (q, v, a), to the nearest admissible one,
   * rad/s²; the stop after it is left in `stops`. NaN if there is none, or the request is NaN.
   */
  limit(j: number, qs: Float64Array, vs: Float64Array, as: Float64Array, next: Float64Array): void {
    const { jerk, acceleration: A } = this.limits;
    const { at } = this,
      a = as[j],
      reach = jerk[j] * this.dt;
    at[SLACK] = NONE;
    at[A1] = next[j] = Math.max(-A[j], a - reach, Math.min(A[j], a + reach, next[j]));
    if (this.holds(j, qs, vs, as)) return;
    const brake = this.brake(j, vs, as);
    let good = brake,
      bad = next[j];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (at[A1] = 0.5 * (good + bad));
      if (this.holds(j, qs, vs, as)) good = middle;
      else bad = middle;
    }
    if (good === brake) at[SLACK] = 2 * NONE; // rounding of the stop computed before
    at[A1] = good;
    next[j] = this.holds(j, qs, vs, as) ? good : NaN;
  }

  /** The first acceleration of joint j's stop from (v, a). */
  brake(j: number, vs: Float64Array, as: Float64Array): number {
    this.at[S] = vs[j];
    this.at[A0] = as[j];
    return this.plan(j) > 0 ? this.stops[j * this.longest] : 0;
  }

  /**
   * The acceleration that brings joint j's velocity toward w, of the next sample, so that both it and acceleration u
   * are met together: ρ²/2J + ρδ = w − v − ½(a + u)δ, ρ = a⁺ − u.
   */
  toward(j: number, v: number, a: number, w: number, u: number): number {
    const { dt } = this,
      J = this.limits.jerk[j];
    const c = w - v - 0.5 * (a + u) * dt;
    return u + Math.sign(c) * J * (Math.sqrt(dt * dt + (2 * Math.abs(c)) / J) - dt);
  }

  /**
   * Whether the step from joint j's state to acceleration `at[A1]` and the stop after it, left in `stops`, keep all
   * bounds.
   */
  private holds(j: number, qs: Float64Array, vs: Float64Array, as: Float64Array): boolean {
    const {
      at,
      limits: { lo, hi },
    } = this;
    const q = (at[X] = qs[j]);
    at[S] = vs[j];
    at[A0] = as[j];
    at[LEAST] = Math.min(lo[j] - at[SLACK], q); // a joint beyond a limit may come back, but go no farther
    at[MOST] = Math.max(hi[j] + at[SLACK], q);
    if (!this.passes(j)) return false;
    const n = this.plan(j);
    if (n < 0) return false;
    for (let i = 0, o = j * this.longest; i < n; i++, o++) {
      at[A1] = this.stops[o];
      if (!this.passes(j)) return false;
    }
    this.lengths[j] = n;
    return Math.abs(at[S]) <= 1e-9;
  }

  /**
   * Carries (x, s, a) over one period with the acceleration going from a to b.
   * @returns whether position and speed keep their bounds all the way
   */
  private passes(j: number): boolean {
    const { at, dt } = this;
    const x = at[X],
      s = at[S],
      a = at[A0],
      b = at[A1];
    const jerk = (b - a) / dt,
      V = this.limits.velocity[j];
    const end = s + 0.5 * (a + b) * dt,
      xEnd = x + (s + (a / 3 + b / 6) * dt) * dt;
    let fastest = Math.max(Math.abs(s), Math.abs(end));
    if (a * b < 0) fastest = Math.max(fastest, Math.abs(s - (a * a) / (2 * jerk)));
    let low = Math.min(x, xEnd),
      high = Math.max(x, xEnd);
    const d = a * a - 2 * jerk * s;
    if (d >= 0) {
      const r = -(a + (a >= 0 ? 1 : -1) * Math.sqrt(d)); // the roots of s + at + ½jt² are r/j and 2s/r
      for (let k = 0; k < 2; k++) {
        const t = k === 0 ? r / jerk : (2 * s) / r;
        if (t > 0 && t < dt) {
          const y = x + (s + (0.5 * a + (jerk * t) / 6) * t) * t;
          low = Math.min(low, y);
          high = Math.max(high, y);
        }
      }
    }
    at[X] = xEnd;
    at[S] = end;
    at[A0] = b;
    return fastest <= V + at[SLACK] * V && low >= at[LEAST] && high <= at[MOST];
  }

  /**
   * Fills `stops` with the accelerations of joint j's stop from velocity at[S] and acceleration at[A0].
   * @returns its length, −1 if there is none
   */
  private plan(j: number): number {
    const { at, limits, dt, longest, stops } = this;
    const v = at[S],
      a = at[A0];
    const R = limits.jerk[j] * dt,
      A = limits.acceleration[j];
    const want = -v / dt - 0.5 * a; // Σ x₁ … x_{n−1}
    const first = Math.ceil(Math.abs(a) / R - 1e-9);
    if (first === 0 && Math.abs(want) < ROUNDING) return 0;
    let n = Math.max(1, first),
      // 1: braked downward; if a must come back at once, this is the rest of a stop from the other side
      side = a > 0 ? -1 : 1;
    for (; ; n++) {
      if (!(n <= longest)) return -1;
      const low = bound(1, want, a, n, R, A),
        high = bound(-1, want, a, n, R, A);
      if (low >= -ROUNDING && high >= -ROUNDING) break;
      side = low < high ? 1 : -1;
    }
    // the mirror image changes every sign, so that only one case remains: Σ min(U, max(L, s − (n−i)R)) = W grows with s
    const W = side * want,
      b = side * a;
    let s0 = 0,
      s1 = 2 * n * R,
      s = 0;
    for (let round = 0; round < 60; round++) {
      let sum = 0,
        slope = 0;
      for (let i = 1; i < n; i++) {
        const line = s - (n - i) * R,
          L = Math.max(b - i * R, -A, -(n - i) * R),
          U = Math.min(b + i * R, A, (n - i) * R);
        if (line > L && line < U) ((sum += line), slope++);
        else sum += line <= L ? L : U;
      }
      const lack = W - sum;
      if (Math.abs(lack) < 1e-12 * (1 + Math.abs(W))) break;
      if (lack > 0) s0 = s;
      else s1 = s;
      s = slope > 0 ? s + lack / slope : 0.5 * (s0 + s1);
      if (!(s > s0 && s < s1)) s = 0.5 * (s0 + s1);
    }
    for (let i = 1, o = j * longest; i <= n; i++, o++) {
      const line = s - (n - i) * R,
        L = Math.max(b - i * R, -A, -(n - i) * R),
        U = Math.min(b + i * R, A, (n - i) * R);
      stops[o] = side * Math.min(U, Math.max(L, line));
    }
    stops[j * longest + n - 1] = 0;
    return n;
  }
}

/**
 * How far the sum of the lowest accelerations (side 1) lies below `want`, or that of the highest (side −1) above it:
 * negative if it cannot be met.
 */
function bound(side: number, want: number, a: number, n: number, R: number, A: number): number {
  let sum = 0;
  for (let i = 1; i < n; i++) sum += Math.max(side * a - i * R, -A, -(n - i) * R);
  return side * want - sum;
}
