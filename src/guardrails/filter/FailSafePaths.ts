import type { Command } from "../../core/Command.js";
import type { JointLimits } from "../../core/JointLimits.js";
import { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { JerkLimiter } from "./JerkLimiter.js";
import { longestStop } from "./longestStop.js";
import { brakingVelocity, viableVelocities } from "./viableVelocities.js";

const ROUNDING = 1e-12; // of a step, relative to Aδ: not worth another knot

/**
 * One step toward a requested velocity w and the fail-safe trajectory after it, as a path. The request is mapped into
 * the viable set W. The path is laid for w_λ = w_f + λ(w − w_f), w_f being the velocity of hardest braking. If a
 * joint's jerk is limited, its acceleration is part of the state, and `JerkLimiter` takes the place of W and of the
 * fail-safe trajectory. Every buffer is made once.
 */
export class FailSafePaths {
  readonly maxKnots: number;
  readonly jerk: JerkLimiter | undefined;
  // by number of knots; all in the memory of the longest, because only one is laid at a time
  readonly paths: Rollouts[] = [];
  readonly commands: { -readonly [F in keyof Command]: Command[F] }[] = []; // views of the paths
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly requested: Float64Array;
  private readonly brake: Float64Array;
  private readonly next: Float64Array; // [nq] w_λ
  private readonly requestedA: Float64Array; // [nq] as request and next, rad/s², of joints whose jerk is limited
  private readonly nextA: Float64Array;

  /** @throws RangeError if a stop takes too many periods */
  constructor(
    private readonly limits: JointLimits,
    nc: number,
    private readonly dt: Seconds,
  ) {
    const n = limits.lo.length;
    this.lower = new Float64Array(n);
    this.upper = new Float64Array(n);
    this.requested = new Float64Array(n);
    this.brake = new Float64Array(n);
    this.next = new Float64Array(n);
    this.requestedA = new Float64Array(n);
    this.nextA = new Float64Array(n);
    this.jerk = limits.jerk === undefined ? undefined : new JerkLimiter({ ...limits, jerk: limits.jerk }, dt);
    this.maxKnots = longestStop(limits, dt) + 3;
    const longest = new Rollouts({ K: 1, H: this.maxKnots - 1, substeps: 1, dt, nq: n, nc }),
      begin = new Float64Array(longest.q.length),
      end = new Float64Array(longest.q.length);
    for (let N = 0; N <= this.maxKnots; N++) {
      const path = new Rollouts({ K: 1, H: Math.max(1, N - 1), substeps: 1, dt, nq: n, nc, memory: longest });
      if (this.jerk !== undefined)
        path.drive = { begin: begin.subarray(0, path.N * n), end: end.subarray(0, path.N * n) };
      this.paths.push(path);
      this.commands.push({ stamp: NaN, dt, N: path.N, nq: n, q: path.q, v: path.v });
    }
  }

  /**
   * Maps the request w from knot (q, v, a) into the admissible joint motions.
   * @returns whether the request is unchanged
   */
  request(q: Float64Array, v: Float64Array, a: Float64Array | undefined, w: Float64Array): boolean {
    const { limits, dt, lower, upper, requested, brake, jerk } = this;
    let whole = true;
    viableVelocities(lower, upper, q, v, 0, limits, dt);
    for (let j = 0; j < requested.length; j++) {
      if (jerk?.applies(j)) this.reach(jerk, j, q, v, a!, w);
      else {
        brake[j] = clamp(brakingVelocity(v[j], limits.acceleration[j] * dt), lower[j], upper[j]);
        const x = clamp(w[j], lower[j], upper[j]);
        requested[j] = x;
      }
      if (!(Math.abs(requested[j] - w[j]) <= 1e-6)) whole = false;
    }
    return whole;
  }

  /**
   * Lays the step toward w_λ and its fail-safe trajectory into the path with the number of knots that they take.
   * @param scale λ
   * @returns that number, Infinity if there is none
   */
  lay(
    stamp: Seconds,
    q: Float64Array,
    v: Float64Array,
    a: Float64Array | undefined,
    scale: number,
    from: State,
  ): number {
    const { limits, dt, requested, brake, next, jerk, nextA } = this;
    const n = requested.length;
    let steps = 1;
    for (let j = 0; j < n; j++) {
      if (jerk?.applies(j)) {
        nextA[j] = this.requestedA[j];
        if (scale < 1) {
          const x = jerk.brake(j, v, a!);
          nextA[j] = x + scale * (this.requestedA[j] - x);
          jerk.limit(j, q, v, a!, nextA);
        }
        if (!(Math.abs(nextA[j]) < Infinity)) return Infinity;
        steps = Math.max(steps, 1 + jerk.lengths[j]);
        continue;
      }
      // a safe request passes unchanged, bit for bit
      next[j] = scale === 1 ? requested[j] : brake[j] + scale * (requested[j] - brake[j]);
      const periods = Math.ceil(Math.abs(next[j]) / (limits.acceleration[j] * dt) - ROUNDING);
      if (next[j] !== 0) steps = Math.max(steps, 1 + Math.max(1, periods)); // a path ends at rest, exactly
    }
    if (!(steps + 1 <= this.maxKnots)) return Infinity;
    const path = this.paths[steps + 1];
    for (let j = 0; j < n; j++) {
      if (jerk?.applies(j)) {
        this.layJerk(jerk, j, q[j], v[j], a![j], scale, path);
        continue;
      }
      const Ad = limits.acceleration[j] * dt;
      let x = (path.q[j] = q[j]);
      let s = (path.v[j] = v[j]);
      for (let i = 1; i <= steps; i++) {
        let w = next[j];
        if (i > 1) w = i === steps ? 0 : brakingVelocity(s, Ad);
        x += 0.5 * (s + w) * dt;
        s = w;
        path.q[i * n + j] = x;
        path.v[i * n + j] = s;
        if (path.drive !== undefined)
          path.drive.begin[(i - 1) * n + j] = path.drive.end[(i - 1) * n + j] = (s - path.v[(i - 1) * n + j]) / dt;
      }
    }
    const delay = stamp - from.stamp;
    for (let i = 0; i <= steps; i++) path.exposure[i] = delay + Math.min(i + 1, steps) * dt;
    return steps + 1;
  }

  /**
   * Changes the fail-safe trajectory of a path just laid so that all joints brake together: v(t) = w_λ (1 − t/T).
   * @returns false if that is the same one, or exceeds a joint's limit
   */
  together(path: Rollouts): boolean {
    const {
      limits: { lo, hi },
      dt,
      jerk,
    } = this;
    const { nq: n, N, q, v } = path;
    if (jerk !== undefined || N < 4) return false;
    for (let j = 0; j < n; j++) {
      const w = v[n + j];
      for (let i = 2, o = 2 * n + j; i < N; i++, o += n) {
        v[o] = i === N - 1 ? 0 : (w * (N - 1 - i)) / (N - 2);
        q[o] = q[o - n] + 0.5 * (v[o - n] + v[o]) * dt;
      }
      const end = q[(N - 1) * n + j];
      if (!(end >= Math.min(lo[j], q[j]) && end <= Math.max(hi[j], q[j]))) return false;
    }
    return true;
  }

  /** Maps the request of a joint whose jerk is limited into its admissible motions; NaN if there is none. */
  private reach(
    jerk: JerkLimiter,
    j: number,
    q: Float64Array,
    v: Float64Array,
    a: Float64Array,
    w: Float64Array,
  ): void {
    const { dt, requested, requestedA } = this;
    const asked = (requestedA[j] = (2 * (w[j] - v[j])) / dt - a[j]);
    jerk.limit(j, q, v, a, requestedA);
    // a safe request passes unchanged, bit for bit
    requested[j] = Math.abs(requestedA[j] - asked) <= 1e-9 ? w[j] : v[j] + 0.5 * (a[j] + requestedA[j]) * dt;
  }

  /** Lays one joint whose jerk is limited: its step and the stop that `JerkLimiter` found after it. */
  private layJerk(jerk: JerkLimiter, j: number, q: number, v: number, a: number, scale: number, path: Rollouts): void {
    const { dt } = this;
    const { nq: n, N } = path;
    const { begin, end } = path.drive!;
    const stop = jerk.lengths[j];
    let x = (path.q[j] = q),
      s = (path.v[j] = v),
      last = a;
    for (let i = 1, o = j; i < N; i++, o += n) {
      let u = 0;
      if (i === 1) u = this.nextA[j];
      else if (i - 2 < stop) u = jerk.stops[j * jerk.longest + i - 2];
      x += (s + (last / 3 + u / 6) * dt) * dt;
      if (i > stop) s = 0;
      else s = i === 1 && scale === 1 ? this.requested[j] : s + 0.5 * (last + u) * dt;
      begin[o] = last;
      end[o] = last = u;
      path.q[o + n] = x;
      path.v[o + n] = s;
    }
  }
}

function clamp(x: number, lo: number, hi: number): number {
  if (!(x > lo)) return lo;
  return x < hi ? x : hi;
}
