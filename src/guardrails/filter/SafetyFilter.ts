import type { Command } from "../../core/Command.js";
import type { JointLimits } from "../../core/JointLimits.js";
import { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { Recovery } from "./Recovery.js";
import type { Guardrail } from "../Guardrail.js";
import { JerkLimiter } from "./JerkLimiter.js";
import { longestStop } from "./longestStop.js";
import { brakingVelocity, viableVelocities } from "./viableVelocities.js";
import type { PathSweep } from "./PathSweep.js";

/**
 * What the safety filter decided: the request as it was, less of it, or the stored fail-safe trajectory. `by` names the
 * guardrail that objected.
 */
export interface Verdict {
  kind: "pass" | "limit" | "stop";
  by: string;
  margin: number; // of that guardrail for the request, in its unit
}

const BACKTRACKS = 3; // λ = 1, ½, ¼, ⅛, then the fail-safe trajectory
// λ = 1, ⅛, 1/64, 1/512 where the arm stands: close to something the enclosure of a step leaves room for a tiny one
// alone
const FROM_REST = 8;
const ROUNDING = 1e-12; // of a step, relative to Aδ: not worth another knot

/**
 * The safety filter (obligations G1, G3, G4). A step leaves only if the step *and* the fail-safe trajectory after it
 * keep every guardrail; what leaves is the step with its fail-safe trajectory, so whatever happens next the arm comes
 * to rest on a path already verified.
 *
 * Let x be the state last commanded and w_f the velocity of its own fail-safe trajectory. The request w is mapped into
 * the viable set W, then
 *   w_λ = w_f + λ(w − w_f),  λ = 1, ½, ¼ …       (1, ⅛ … at rest)
 * is tried; when all fail, or anything throws or is not a number, the stored fail-safe trajectory goes on. By induction
 * the fail-safe trajectory is always verified. For the whole request two fail-safe trajectories are tried: every joint
 * brakes as hard as it may, and all together, v(t) = w_λ (1 − t/T), where the hardest braked first would lead aside:
 * with T the longest of their times, the joints go straight on in the direction that they had. (Arms whose jerk is
 * limited have the first alone.) Where a joint's jerk is limited its acceleration is part of the state, and
 * `JerkLimiter` stands for W and for the fail-safe trajectory. Every buffer is made once: a step allocates nothing. An
 * arm that begins in violation leaves it as `Recovery` allows.
 */
export class SafetyFilter {
  readonly verdict: Verdict = { kind: "pass", by: "", margin: Infinity };
  readonly margins: Float64Array; // [guardrails] of the last request or stand, for telling
  // by number of knots; all in the memory of the longest, as one is laid at a time
  private readonly paths: Rollouts[] = [];
  private readonly commands: { -readonly [F in keyof Command]: Command[F] }[] = []; // views of the paths
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly requested: Float64Array;
  private readonly brake: Float64Array;
  private readonly next: Float64Array; // [nq] w_λ
  private readonly jerk: JerkLimiter | undefined;
  private readonly requestedA: Float64Array; // [nq] as request and next, rad/s², of joints whose jerk is limited
  private readonly nextA: Float64Array;
  private readonly maxKnots: number;
  private readonly out = new Float64Array(1);
  private readonly recovery: Recovery;

  /** @throws RangeError if dt is no period, or a stop takes absurdly many */
  constructor(
    private readonly limits: JointLimits,
    private readonly sweep: PathSweep,
    readonly guardrails: readonly Guardrail[],
    readonly dt: Seconds,
  ) {
    if (!(dt > 0 && dt < Infinity)) throw new RangeError(`dt: got ${dt} s, want a period above 0`);
    const n = limits.lo.length;
    this.lower = new Float64Array(n);
    this.upper = new Float64Array(n);
    this.requested = new Float64Array(n);
    this.brake = new Float64Array(n);
    this.next = new Float64Array(n);
    this.requestedA = new Float64Array(n);
    this.nextA = new Float64Array(n);
    this.margins = new Float64Array(guardrails.length);
    this.jerk = limits.jerk === undefined ? undefined : new JerkLimiter({ ...limits, jerk: limits.jerk }, dt);
    this.maxKnots = longestStop(limits, dt) + 3;
    const longest = new Rollouts({ K: 1, H: this.maxKnots - 1, substeps: 1, dt, nq: n, nc: sweep.nc }),
      begin = new Float64Array(longest.q.length),
      end = new Float64Array(longest.q.length);
    for (let N = 0; N <= this.maxKnots; N++) {
      const path = new Rollouts({ K: 1, H: Math.max(1, N - 1), substeps: 1, dt, nq: n, nc: sweep.nc, memory: longest });
      if (this.jerk !== undefined)
        path.drive = { begin: begin.subarray(0, path.N * n), end: end.subarray(0, path.N * n) };
      this.paths.push(path);
      this.commands.push({ stamp: NaN, dt, N: path.N, nq: n, q: path.q, v: path.v });
    }
    this.recovery = new Recovery(limits, sweep, guardrails, dt);
  }

  /**
   * Verifies one step from knot (q, v), the state commanded for `stamp`, toward velocity w.
   * @param a the acceleration there, rad/s²; needed where a joint's jerk is limited
   * @param from what is believed of people and things; its stamp dates them
   * @returns the command to send, its arrays valid until the next call, or undefined where only the stored fail-safe
   * trajectory is left (see `verdict`)
   */
  step(
    stamp: Seconds,
    q: Float64Array,
    v: Float64Array,
    w: Float64Array,
    from: State,
    a?: Float64Array,
  ): Command | undefined {
    const { verdict, limits, dt, lower, upper, requested, brake, jerk } = this;
    this.pass(false);
    if (!(finite(q) && finite(v) && finite(w) && Number.isFinite(stamp) && Number.isFinite(from.stamp)))
      return this.stop("finite", NaN);
    if (jerk !== undefined && (a === undefined || !finite(a))) return this.stop("finite", NaN);
    viableVelocities(lower, upper, q, v, 0, limits, dt);
    for (let j = 0; j < requested.length; j++) {
      if (jerk?.applies(j)) {
        this.reach(jerk, j, q, v, a!, w);
        continue;
      }
      brake[j] = clamp(brakingVelocity(v[j], limits.acceleration[j] * dt), lower[j], upper[j]);
      const x = clamp(w[j], lower[j], upper[j]);
      if (!(Math.abs(x - w[j]) <= 1e-6)) this.object("joint_limits", 0);
      requested[j] = x;
    }
    const clipped = verdict.by !== "";
    try {
      for (let i = 0, scale = 1, less = atRest(v) ? FROM_REST : 2; i <= BACKTRACKS; i++, scale /= less) {
        const N = this.lay(stamp, q, v, a, scale, from);
        if (N > this.maxKnots) return this.stop("joint_limits", NaN);
        const first = i === 0;
        if (
          this.holds(this.paths[N], from, first) ||
          (first && this.together(this.paths[N]) && this.holds(this.paths[N], from, true, false))
        ) {
          if (first) this.pass(clipped);
          const command = this.commands[N];
          command.stamp = stamp;
          return command;
        }
      }
    } catch (error) {
      return this.stop(`exception: ${error instanceof Error ? error.message : String(error)}`, NaN);
    }
    verdict.kind = "stop";
    return undefined;
  }

  /**
   * The margins of an arm that stands at q, for telling; nothing is decided by them.
   * @returns `margins`, NaN where one cannot be had
   */
  stand(q: Float64Array, from: State): Float64Array {
    const { guardrails, margins, out, sweep } = this,
      path = this.paths[2];
    for (let i = 0; i < path.N; i++) path.q.set(q, i * q.length);
    path.v.fill(0, 0, path.N * q.length);
    path.drive?.begin.fill(0);
    path.drive?.end.fill(0);
    path.exposure.fill(0, 0, path.N);
    path.from = from;
    margins.fill(NaN);
    try {
      sweep.fill(path);
      for (let g = 0; g < guardrails.length; g++) {
        guardrails[g].margin(path, out, 1);
        margins[g] = out[0];
      }
    } catch {} // a step that meets the same is stopped by it, and tells why
    return margins;
  }

  /**
   * The way out of a violation at rest: the velocity to request, in w; false where there is none or nothing to fix.
   * See `Recovery`.
   */
  recover(w: Float64Array, q: Float64Array, from: State): boolean {
    return this.recovery.requested(w, q, from);
  }

  /** Maps the request of a joint whose jerk is limited into what it may do; NaN where it may do nothing. */
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
    // a safe request passes bit for bit
    requested[j] = Math.abs(requestedA[j] - asked) <= 1e-9 ? w[j] : v[j] + 0.5 * (a[j] + requestedA[j]) * dt;
    if (!(Math.abs(requested[j] - w[j]) <= 1e-6)) this.object("joint_limits", 0);
  }

  /**
   * Lays the step toward w_λ and its fail-safe trajectory into the path of as many knots as they take.
   * @returns that number, Infinity if it is none
   */
  private lay(
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
      // a safe request passes bit for bit
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
        const w = i === 1 ? next[j] : i === steps ? 0 : brakingVelocity(s, Ad);
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
   * Turns the fail-safe trajectory of a path just laid into that of all joints together.
   * @returns false where that is no other, or passes a joint's limit
   */
  private together(path: Rollouts): boolean {
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

  /** The same of one joint whose jerk is limited: its step and the stop that `JerkLimiter` found after it. */
  private layJerk(jerk: JerkLimiter, j: number, q: number, v: number, a: number, scale: number, path: Rollouts): void {
    const { dt } = this;
    const { nq: n, N } = path;
    const { begin, end } = path.drive!;
    const stop = jerk.lengths[j];
    let x = (path.q[j] = q),
      s = (path.v[j] = v),
      last = a;
    for (let i = 1, o = j; i < N; i++, o += n) {
      const u = i === 1 ? this.nextA[j] : i - 2 < stop ? jerk.stops[j * jerk.longest + i - 2] : 0;
      x += (s + (last / 3 + u / 6) * dt) * dt;
      s = i > stop ? 0 : i === 1 && scale === 1 ? this.requested[j] : s + 0.5 * (last + u) * dt;
      begin[o] = last;
      end[o] = last = u;
      path.q[o + n] = x;
      path.v[o + n] = s;
    }
  }

  /**
   * @param told of the whole request, so its margins are of interest.
   * @param all of them, even after one that objects
   */
  private holds(path: Rollouts, from: State, told: boolean, all = told): boolean {
    path.from = from;
    this.sweep.fill(path);
    let safe = true;
    for (let g = 0; g < this.guardrails.length; g++) {
      // constants both: a number chosen between them would be boxed
      if (told) this.guardrails[g].margin(path, this.out, 1, Infinity);
      else this.guardrails[g].margin(path, this.out, 1, 0);
      const margin = this.out[0];
      if (told) this.margins[g] = margin;
      if (margin >= 0 || this.recovery.recovers(g, path)) continue;
      this.object(this.guardrails[g].name, margin);
      safe = false;
      if (!all) return false;
    }
    return safe;
  }

  /** So far nothing objects to the request, all of it or what the joint limits leave. */
  private pass(clipped: boolean): void {
    const { verdict } = this;
    verdict.kind = clipped ? "limit" : "pass";
    verdict.by = clipped ? "joint_limits" : "";
    verdict.margin = clipped ? 0 : Infinity;
  }

  private stop(by: string, margin: number): undefined {
    const { verdict } = this;
    verdict.kind = "stop";
    verdict.by = by;
    verdict.margin = margin;
  }

  /** Remembers the first objection; that of a guardrail counts for more than that of the joint limits. */
  private object(by: string, margin: number): void {
    const { verdict } = this;
    if (verdict.by === "" || (verdict.by === "joint_limits" && by !== "joint_limits")) {
      verdict.kind = "limit";
      verdict.by = by;
      verdict.margin = margin;
    }
  }
}

function clamp(x: number, lo: number, hi: number): number {
  return x > lo ? (x < hi ? x : hi) : lo;
}

function atRest(v: Float64Array): boolean {
  for (let j = 0; j < v.length; j++) if (v[j] !== 0) return false;
  return true;
}

/** All of them; a sum of |x| is finite only if each is, or so large that it is no joint's. */
function finite(x: Float64Array): boolean {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += Math.abs(x[j]);
  return sum < Infinity;
}
