import type { Seconds } from "../../core/Seconds.js";
import { hermite, type Knots } from "./hermite.js";
import { splineOf, type Spline } from "./Spline.js";
import { trajectoryFault } from "./trajectoryFault.js";
import type { TrajectoryMessage } from "./TrajectoryMessage.js";

/**
 * The release whose law is used. They differ in how they treat a message that arrives while a trajectory runs
 * (ros2_controllers, joint_trajectory_controller.cpp and trajectory.cpp as of August 2026):
 *
 * - `jazzy` (4.42.1; Kilted 5.17.0 and Rolling up to 6.7 are the same): it replaces the trajectory at the next update,
 *   whatever its stamp. Before its first point the joints move there from the *measured* state, or with
 *   `interpolate_from_desired_state` from the last set-point; after it they are where the message says. Humble (2.54)
 *   does too, one update later.
 * - `rolling` (6.8, 6.9; `allow_trajectory_replacement`): one whose stamp is in the future is kept until then, in the
 *   place of the one kept before.
 * - `master` (94e74de3, after 6.9): its points are appended to those of the running trajectory before its stamp. A
 *   stamp that is past counts as now.
 */
export const CONTROLLER_LAWS = ["jazzy", "rolling", "master"] as const;
export type ControllerLaw = (typeof CONTROLLER_LAWS)[number];

export interface JointTrajectoryOptions {
  readonly law?: ControllerLaw; // default: jazzy
  readonly interpolateFromDesiredState?: boolean; // default: no, as there
  // after the last point: drop the trajectory and hold where the arm is measured; 0 = never
  readonly cmdTimeout?: Seconds;
  readonly allowNonzeroEndVelocity?: boolean;
}

/** A trajectory in force, and the state that it was joined to. */
interface Running extends Knots {
  readonly spline: Spline;
  readonly start: Seconds; // time of t = 0
  readonly since: Seconds; // time of the state it was joined to, which is its one knot
  readonly v: Float64Array; // [n]
  readonly a: Float64Array; // [n]
  readonly cursor: Seconds; // where in it the last update was
}

/** What `save` took. */
export interface ControllerState {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
  readonly running: Running | undefined;
  readonly news: readonly Spline[];
  readonly kept: Spline | undefined;
  readonly time: Seconds;
  readonly told: Seconds;
  readonly measured: { readonly q: Float64Array; readonly v: Float64Array };
}

const ROUNDING: Seconds = 1e-9;
const set = new Float64Array(3); // a joint's position, velocity, acceleration

/**
 * The law of ros2_control's joint_trajectory_controller: between two points a line, with velocities a cubic Hermite,
 * with accelerations too a quintic; rest at the end. `ControllerLaw` says how a trajectory is replaced. An update at
 * time t sends the hardware the set-point for the next one, t + p: `sample(t + p)` is that update.
 *
 * One rule is stricter than there: non-finite numbers and duplicate names are rejected. Not implemented are joints that
 * a message omits, speed scaling and tolerances.
 */
export class JointTrajectoryController {
  readonly q: Float64Array; // [n] rad, desired
  readonly v: Float64Array; // [n] rad/s, desired
  readonly a: Float64Array; // [n] rad/s², desired
  leap = 0; // rad, by which the last replacement moved a joint's set-point at once
  private readonly n: number;
  private running: Running | undefined; // undefined: holds
  private news: Spline[] = []; // messages since the last update
  private kept: Spline | undefined; // with a stamp in the future
  private time: Seconds = NaN; // of the last sample, and so of the next update
  private told: Seconds = NaN; // of the previous update: a trajectory joins its set-point at this time
  private measured: { readonly q: Float64Array; readonly v: Float64Array }; // [n] at `time`

  constructor(
    readonly names: readonly string[],
    private readonly options: JointTrajectoryOptions = {},
  ) {
    this.n = names.length;
    this.q = new Float64Array(this.n);
    this.v = new Float64Array(this.n);
    this.a = new Float64Array(this.n);
    this.measured = { q: this.q.slice(), v: this.v.slice() };
  }

  /** Whether a trajectory is running or waiting; false while it holds. */
  get active(): boolean {
    return this.running !== undefined || this.news.length > 0 || this.kept !== undefined;
  }

  /** The controller's whole state, for `restore`. Trajectories are never changed, so they are shared. */
  save(): ControllerState {
    const { q, v, a, running, news, kept, time, told, measured } = this;
    return { q: q.slice(), v: v.slice(), a: a.slice(), running, news: [...news], kept, time, told, measured };
  }

  restore(s: ControllerState): void {
    this.q.set(s.q);
    this.v.set(s.v);
    this.a.set(s.a);
    this.news = [...s.news];
    ({ running: this.running, kept: this.kept, time: this.time, told: this.told, measured: this.measured } = s);
  }

  /** Drops every trajectory and holds `q` [n]. */
  hold(q: ArrayLike<number>): void {
    this.running = this.kept = undefined;
    this.news = [];
    this.q.set(Array.from(q));
    this.v.fill(0);
    this.a.fill(0);
    this.measured = { q: this.q.slice(), v: this.v.slice() };
  }

  /** Takes a trajectory at time `now`. Returns undefined, or why it is refused; a refusal changes nothing. */
  accept(m: TrajectoryMessage, now: Seconds): string | undefined {
    const fault = trajectoryFault(m, this.names, now, this.options.allowNonzeroEndVelocity);
    if (fault !== undefined) return fault;
    const order = m.jointNames.map((name) => this.names.indexOf(name));
    this.news.push(splineOf(m, order, now));
    return undefined;
  }

  /**
   * The set-point for time `t`, which must not go back: the update at the time of the last sample.
   * @param q [n], v [n] as measured at t; default: the set-point
   */
  sample(t: Seconds, q?: ArrayLike<number>, v?: ArrayLike<number>): void {
    const first = Number.isNaN(this.time),
      now = first ? t : this.time,
      before = first ? t : this.told,
      { measured } = this;
    [this.time, this.told] = [t, now];
    if (this.running) this.running = { ...this.running, cursor: this.running.cursor + now - before };
    this.replace(now, before);
    const { running } = this;
    if (running !== undefined) {
      this.evaluate(running, running.cursor + t - now);
      const { cmdTimeout = 0 } = this.options,
        { spline, start, cursor } = running;
      if (cmdTimeout > 0 && cursor > start + spline.t[spline.t.length - 1] + cmdTimeout) this.hold(measured.q);
    }
    this.measured = { q: Float64Array.from(q ?? this.q), v: Float64Array.from(v ?? this.v) };
  }

  /** Puts the messages that arrived by `now` into force, by the law. */
  private replace(now: Seconds, before: Seconds): void {
    const { law = "jazzy", interpolateFromDesiredState } = this.options;
    let next = this.news.findLast((s) => s.came <= now + ROUNDING); // the newest alone
    this.news = this.news.filter((s) => s.came > now + ROUNDING);
    if (law === "rolling") {
      this.kept = next ?? this.kept;
      next = undefined;
      if (this.kept !== undefined && !(this.kept.stamp! > now)) [next, this.kept] = [this.kept, undefined];
    }
    if (next === undefined) return;
    const old = this.running,
      [q, v, a] = [this.q, this.v, this.a].map((x) => x.slice()); // the set-point
    const from = interpolateFromDesiredState
      ? { since: before, q, v, a }
      : { since: now, ...this.measured, a: new Float64Array(this.n) };
    if (law === "master" && old !== undefined && old.spline.t.length > 1)
      next = this.blended(next, old, now, old.cursor - (now - before));
    this.running = { spline: next, start: next.stamp ?? now, ...from, cursor: now };
    if (old !== undefined) this.evaluate(old, old.cursor);
    const was = this.q.slice();
    this.evaluate(this.running, now);
    this.leap = Math.max(...was.map((x, j) => Math.abs(x - this.q[j])));
  }

  /**
   * The running trajectory's points until the new one's stamp, then the new one's. Both are placed by where in the old
   * one the *last* update was, so what is left of the old one comes an update late.
   */
  private blended(next: Spline, old: Running, now: Seconds, cursor: Seconds): Spline {
    const { n } = this;
    const begins = next.stamp !== undefined && next.stamp > now ? cursor + next.stamp - now : cursor;
    const held = old.spline.t.findIndex((t) => old.start + t > cursor),
      k0 = held < 0 ? old.spline.t.length : held;
    let k1 = k0;
    while (k1 < old.spline.t.length && old.start + old.spline.t[k1] < begins) k1++;
    this.evaluate(old, begins);
    const bridge = begins < begins + next.t[0] ? 1 : 0,
      rows = k1 - k0 + bridge;
    const t = [...old.spline.t.subarray(k0, k1)]
      .map((x) => old.start + x - cursor)
      .concat(
        bridge ? [begins - cursor] : [],
        [...next.t].map((x) => begins + x - cursor),
      );
    const joined = (
      a: Float64Array | undefined,
      here: Float64Array,
      b: Float64Array | undefined,
    ): Float64Array | undefined => {
      if (a === undefined || b === undefined) return undefined;
      const out = new Float64Array(rows * n + b.length);
      out.set(a.subarray(k0 * n, k1 * n));
      if (bridge) out.set(here, (k1 - k0) * n);
      out.set(b, rows * n);
      return out;
    };
    return {
      stamp: undefined,
      came: next.came,
      t: Float64Array.from(t),
      q: joined(old.spline.q, this.q, next.q)!,
      v: joined(old.spline.v, this.v, next.v),
      a: joined(old.spline.a, this.a, next.a),
    };
  }

  /** Sets the desired state to where a trajectory is at time `t`. */
  private evaluate(running: Running, t: Seconds): void {
    const { n, q, v, a } = this,
      { spline: s, start, since } = running;
    const last = s.t.length - 1,
      x = t - start;
    let k = -1; // the segment's first point; −1: the state that it was joined to
    if (!(x < s.t[0])) for (k = 0; k < last && !(x >= s.t[k] && x < s.t[k + 1]);) k++;
    if (k === last) {
      for (let j = 0; j < n; j++) {
        q[j] = s.q[k * n + j];
        v[j] = s.v ? s.v[k * n + j] : 0;
        a[j] = 0;
      }
      return;
    }
    const from = k < 0 ? since - start : s.t[k],
      T = s.t[k + 1] - from;
    const first: Knots = k < 0 ? running : s,
      o = k < 0 ? 0 : k * n;
    for (let j = 0; j < n; j++) {
      hermite(set, first, o + j, s, (k + 1) * n + j, T, x - from);
      q[j] = set[0];
      v[j] = set[1];
      a[j] = set[2];
    }
  }
}
