import type { Seconds } from "../../core/Seconds.js";

/**
 * One point of a trajectory message. Empty arrays mean "not given". Each array is [n] in the order of the message's
 * names.
 */
export interface TrajectoryPoint {
  readonly positions: ArrayLike<number>; // rad
  readonly velocities: ArrayLike<number>; // rad/s
  readonly accelerations: ArrayLike<number>; // rad/s²
  readonly timeFromStart: Seconds;
}

/** What a commander sends: trajectory_msgs/JointTrajectory without its wire format. */
export interface TrajectoryMessage {
  readonly stamp?: Seconds; // on the controller's clock; absent: when it arrives (a message says so by a stamp of 0)
  readonly jointNames: readonly string[];
  readonly points: readonly TrajectoryPoint[];
}

/**
 * Of which release the law is; they differ in what a message does that arrives while a trajectory runs
 * (ros2_controllers, joint_trajectory_controller.cpp and trajectory.cpp as of August 2026):
 *
 * - `jazzy` (4.42.1; Kilted 5.17.0 and Rolling up to 6.7 are the same): it replaces the trajectory at the next update,
 *   whatever its stamp. Before its first point the joints go there from the *measured* state, or with
 *   `interpolate_from_desired_state` from the last set-point; after it they are where the message says. Humble (2.54)
 *   does too, one update later.
 * - `rolling` (6.8, 6.9; `allow_trajectory_replacement`): one whose stamp is still to come is kept until then, in the
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

/** A trajectory in the controller's joint order. Never changed once taken. */
interface Spline {
  readonly stamp: Seconds | undefined; // undefined: from the update on that takes it
  readonly came: Seconds;
  readonly t: Float64Array; // [N] from the stamp
  readonly q: Float64Array; // [N,n]
  readonly v: Float64Array | undefined; // [N,n]
  readonly a: Float64Array | undefined; // [N,n]
}

/** A trajectory in force, and the state that it was joined to. */
interface Running {
  readonly spline: Spline;
  readonly start: Seconds; // time of t = 0
  readonly since: Seconds; // time of the state it was joined to
  readonly q: Float64Array; // [n] that state
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

/** Speeds below this count as rest at the end of a trajectory, rad/s. */
const REST = 1e-6;
const ROUNDING: Seconds = 1e-9;

/**
 * The law of ros2_control's joint_trajectory_controller: between two points a line, with velocities a cubic Hermite,
 * with accelerations too a quintic; rest at the end; what happens to a trajectory that is replaced is `ControllerLaw`.
 * An update at time t tells the hardware where to be at the next one, t + p: `sample(t + p)` is that update.
 *
 * One law is stricter than there: non-finite numbers and duplicate names are rejected. Left out are joints that a
 * message omits, speed scaling and tolerances.
 */
export class JointTrajectoryController {
  readonly q: Float64Array; // [n] rad, desired
  readonly v: Float64Array; // [n] rad/s, desired
  readonly a: Float64Array; // [n] rad/s², desired
  leap = 0; // rad, by which the last replacement moved a joint's set-point at once
  private readonly n: number;
  private running: Running | undefined; // undefined: holds
  private news: Spline[] = []; // messages that no update has seen yet
  private kept: Spline | undefined; // whose stamp is still to come
  private time: Seconds = NaN; // of the last sample, and so of the next update
  private told: Seconds = NaN; // the update before: what joins to its set-point takes that for the place at this time
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

  /** All that the controller knows, for `restore`; trajectories are never changed once taken, so they are shared. */
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

  /** Forget every trajectory and hold `q` [n]. */
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
    const { n } = this;
    const N = m.points.length;
    const order = this.order(m.jointNames);
    if (typeof order === "string") return order;
    if (N === 0) return "empty trajectory";
    const start = m.stamp ?? now;
    if (!Number.isFinite(start)) return `stamp ${m.stamp} is no time`;
    for (let k = 0; k < N; k++) {
      const bad = pointFault(m.points[k], n);
      if (bad) return `point ${k}: ${bad}`;
      if (!(m.points[k].timeFromStart >= 0))
        return `point ${k}: time_from_start ${m.points[k].timeFromStart} s is negative`;
      if (k > 0 && !(m.points[k].timeFromStart > m.points[k - 1].timeFromStart))
        return `point ${k}: time_from_start is not later than that of point ${k - 1}`;
    }
    const last = m.points[N - 1];
    if (!this.options.allowNonzeroEndVelocity)
      for (let j = 0; j < last.velocities.length; j++)
        if (!(Math.abs(last.velocities[j]) <= REST))
          return `joint ${m.jointNames[j]}: velocity ${last.velocities[j]} at the end is not zero`;
    if (start + last.timeFromStart < now) return `it ended ${(now - start - last.timeFromStart).toFixed(3)} s ago`;
    this.news.push(this.spline(m, order, now));
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

  /** Lets what has arrived by `now` come into force, by the law. */
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

  private order(names: readonly string[]): Int32Array | string {
    if (names.length !== this.n) return `${names.length} joint names, want ${this.n}: ${this.names.join(", ")}`;
    const order = new Int32Array(this.n);
    const seen = new Set<string>();
    for (let j = 0; j < this.n; j++) {
      const i = this.names.indexOf(names[j]);
      if (i < 0) return `unknown joint ${names[j]}, want ${this.names.join(", ")}`;
      if (seen.has(names[j])) return `joint ${names[j]} is named twice`;
      seen.add(names[j]);
      order[j] = i;
    }
    return order;
  }

  private spline(m: TrajectoryMessage, order: Int32Array, came: Seconds): Spline {
    const { n } = this;
    const every = (pick: (p: TrajectoryPoint) => ArrayLike<number>): Float64Array | undefined => {
      if (!m.points.every((p) => pick(p).length === n)) return undefined;
      const out = new Float64Array(m.points.length * n);
      m.points.forEach((p, k) => {
        for (let j = 0; j < n; j++) out[k * n + order[j]] = pick(p)[j];
      });
      return out;
    };
    const v = every((p) => p.velocities);
    return {
      stamp: m.stamp,
      came,
      t: Float64Array.from(m.points, (p) => p.timeFromStart),
      q: every((p) => p.positions)!,
      v,
      a: v && every((p) => p.accelerations),
    };
  }

  /** Sets the desired state to where a trajectory is at time `t`. */
  private evaluate({ spline: s, start, since, q: q0, v: v0, a: a0 }: Running, t: Seconds): void {
    const { n, q, v, a } = this;
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
    const from = k < 0 ? since - start : s.t[k];
    const o = (k + 1) * n,
      T = s.t[k + 1] - from;
    for (let j = 0; j < n; j++) {
      const i = k * n + j;
      hermite(
        T,
        x - from,
        k < 0 ? q0[j] : s.q[i],
        s.q[o + j],
        s.v && (k < 0 ? v0[j] : s.v[i]),
        s.v?.[o + j],
        s.a && (k < 0 ? a0[j] : s.a[i]),
        s.a?.[o + j],
      );
      q[j] = out[0];
      v[j] = out[1];
      a[j] = out[2];
    }
  }
}

const out = new Float64Array(3);

/**
 * Position, velocity and acceleration x seconds into T, through what is given at both ends: q(x) = q0 + c1·x + c2·x² +
 * c3·x³ + c4·x⁴ + c5·x⁵.
 */
function hermite(
  T: number,
  x: number,
  q0: number,
  q1: number,
  v0?: number,
  v1?: number,
  a0?: number,
  a1?: number,
): void {
  const dq = q1 - q0;
  let c1 = dq / T,
    c2 = 0,
    c3 = 0,
    c4 = 0,
    c5 = 0;
  if (v0 !== undefined && v1 !== undefined) {
    c1 = v0;
    if (a0 !== undefined && a1 !== undefined) {
      c2 = a0 / 2;
      c3 = (20 * dq - (8 * v1 + 12 * v0) * T - (3 * a0 - a1) * T * T) / (2 * T ** 3);
      c4 = (-30 * dq + (14 * v1 + 16 * v0) * T + (3 * a0 - 2 * a1) * T * T) / (2 * T ** 4);
      c5 = (12 * dq - 6 * (v1 + v0) * T + (a1 - a0) * T * T) / (2 * T ** 5);
    } else {
      c2 = (3 * dq - (2 * v0 + v1) * T) / (T * T);
      c3 = (-2 * dq + (v0 + v1) * T) / (T * T * T);
    }
  }
  out[0] = q0 + x * (c1 + x * (c2 + x * (c3 + x * (c4 + x * c5))));
  out[1] = c1 + x * (2 * c2 + x * (3 * c3 + x * (4 * c4 + x * 5 * c5)));
  out[2] = 2 * c2 + x * (6 * c3 + x * (12 * c4 + x * 20 * c5));
}

function pointFault(p: TrajectoryPoint, n: number): string | undefined {
  const arrays = { positions: p.positions, velocities: p.velocities, accelerations: p.accelerations };
  for (const [name, x] of Object.entries(arrays)) {
    if (x.length !== n && !(x.length === 0 && name !== "positions")) return `${x.length} ${name}, want ${n}`;
    for (let j = 0; j < x.length; j++) if (!Number.isFinite(x[j])) return `${name}[${j}] is ${x[j]}`;
  }
  if (p.accelerations.length > 0 && p.velocities.length === 0) return "accelerations without velocities";
  if (!Number.isFinite(p.timeFromStart)) return `time_from_start is ${p.timeFromStart}`;
  return undefined;
}
