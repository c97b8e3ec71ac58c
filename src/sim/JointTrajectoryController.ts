import type { Seconds } from "../core/Seconds.js";

/** One point of a trajectory message. Empty arrays mean "not given". Each array is [n] in the order of the message's names. */
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

export interface JointTrajectoryOptions {
  /**
   * `at_start`: the running trajectory is followed until the new one begins (splicing). `at_once`: the new one is taken when it
   * arrives, joined to the desired state of that moment, as ros2_control's controller does with a stamp in the future.
   */
  readonly replacement?: "at_start" | "at_once";
  readonly cmdTimeout?: Seconds; // after the last point: drop the trajectory and hold; 0 = never
  readonly allowNonzeroEndVelocity?: boolean;
}

/** A trajectory in the controller's joint order with absolute times. Row 0 is the state that it was joined to. */
interface Spline {
  readonly begin: Seconds; // when it takes over
  readonly t: Float64Array; // [N+1] row 0 is filled in when it takes over
  readonly q: Float64Array; // [N+1,n]
  readonly v: Float64Array | undefined; // [N+1,n]
  readonly a: Float64Array | undefined; // [N+1,n]
}

/** What `save` took. */
export interface ControllerState {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
  readonly running: Spline | undefined;
  readonly waiting: readonly Spline[];
  readonly row: number;
}

/** Speeds below this count as rest at the end of a trajectory, rad/s. */
const REST = 1e-6;

/**
 * The law of ros2_control's joint_trajectory_controller: between two points a line, with velocities a cubic Hermite, with
 * accelerations too a quintic; from the *desired* state (never the measured one) to the first point; rest at the end.
 *
 * One law is stricter than there: non-finite numbers and duplicate names are rejected. One is looser: trajectories that begin in the
 * future wait in a queue, so that a stream of overlapping ones is spliced at each one's own beginning.
 */
export class JointTrajectoryController {
  readonly q: Float64Array; // [n] rad, desired
  readonly v: Float64Array; // [n] rad/s, desired
  readonly a: Float64Array; // [n] rad/s², desired
  private readonly n: number;
  private running: Spline | undefined;
  private waiting: Spline[] = []; // by rising `begin`
  private row = 0;

  constructor(
    readonly names: readonly string[],
    private readonly options: JointTrajectoryOptions = {},
  ) {
    this.n = names.length;
    this.q = new Float64Array(this.n);
    this.v = new Float64Array(this.n);
    this.a = new Float64Array(this.n);
  }

  /** Whether a trajectory is running or waiting; false while it holds. */
  get active(): boolean {
    return this.running !== undefined || this.waiting.length > 0;
  }

  /** All that the controller knows, for `restore`; trajectories are never changed once taken, so they are shared. */
  save(): ControllerState {
    return { q: this.q.slice(), v: this.v.slice(), a: this.a.slice(), running: this.running, waiting: [...this.waiting], row: this.row };
  }

  restore(s: ControllerState): void {
    this.q.set(s.q);
    this.v.set(s.v);
    this.a.set(s.a);
    this.running = s.running;
    this.waiting = [...s.waiting];
    this.row = s.row;
  }

  /** Forget every trajectory and hold `q` [n]. */
  hold(q: ArrayLike<number>): void {
    this.running = undefined;
    this.waiting = [];
    this.q.set(Array.from(q));
    this.v.fill(0);
    this.a.fill(0);
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
      if (!(m.points[k].timeFromStart >= 0)) return `point ${k}: time_from_start ${m.points[k].timeFromStart} s is negative`;
      if (k > 0 && !(m.points[k].timeFromStart > m.points[k - 1].timeFromStart)) return `point ${k}: time_from_start is not later than that of point ${k - 1}`;
    }
    const last = m.points[N - 1];
    if (!this.options.allowNonzeroEndVelocity)
      for (let j = 0; j < last.velocities.length; j++)
        if (!(Math.abs(last.velocities[j]) <= REST)) return `joint ${m.jointNames[j]}: velocity ${last.velocities[j]} rad/s at the end is not zero`;
    if (start + last.timeFromStart < now) return `it ended ${(now - start - last.timeFromStart).toFixed(3)} s ago`;

    const begin = this.options.replacement === "at_once" ? now : Math.max(start, now);
    const spline = this.spline(m, order, start, begin);
    this.waiting = this.waiting.filter((w) => w.begin < begin);
    this.waiting.push(spline);
    return undefined;
  }

  /** Moves the desired state to time `t`, which must not go back. */
  sample(t: Seconds): void {
    while (this.waiting.length > 0 && this.waiting[0].begin <= t) {
      const next = this.waiting.shift()!;
      this.evaluate(next.begin);
      this.join(next);
    }
    this.evaluate(t);
    const timeout = this.options.cmdTimeout ?? 0;
    if (timeout > 0 && this.running && t > this.running.t[this.running.t.length - 1] + timeout) {
      this.running = undefined;
      this.v.fill(0);
      this.a.fill(0);
    }
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

  private spline(m: TrajectoryMessage, order: Int32Array, start: Seconds, begin: Seconds): Spline {
    const { n } = this;
    const rows = m.points.length + 1;
    const every = (pick: (p: TrajectoryPoint) => ArrayLike<number>): Float64Array | undefined => {
      if (!m.points.every((p) => pick(p).length === n)) return undefined;
      const out = new Float64Array(rows * n);
      m.points.forEach((p, k) => {
        for (let j = 0; j < n; j++) out[(k + 1) * n + order[j]] = pick(p)[j];
      });
      return out;
    };
    const v = every((p) => p.velocities);
    return {
      begin,
      t: Float64Array.from({ length: rows }, (_, k) => (k === 0 ? begin : start + m.points[k - 1].timeFromStart)),
      q: every((p) => p.positions)!,
      v,
      a: v && every((p) => p.accelerations),
    };
  }

  /** Lets `next` run from the present desired state on. */
  private join(next: Spline): void {
    next.q.set(this.q);
    next.v?.set(this.v);
    next.a?.set(this.a);
    this.running = next;
    this.row = 0;
  }

  private evaluate(t: Seconds): void {
    const s = this.running;
    if (!s) return;
    const { n, q, v, a } = this;
    const last = s.t.length - 1;
    while (this.row < last && s.t[this.row + 1] <= t) this.row++;
    const k = this.row;
    if (k === last) {
      for (let j = 0; j < n; j++) {
        q[j] = s.q[k * n + j];
        v[j] = s.v ? s.v[k * n + j] : 0;
        a[j] = 0;
      }
      return;
    }
    const T = s.t[k + 1] - s.t[k];
    const x = t - s.t[k];
    for (let j = 0; j < n; j++) {
      const i = k * n + j;
      const o = i + n;
      const dq = s.q[o] - s.q[i];
      // q(x) = q0 + c1·x + c2·x² + c3·x³ + c4·x⁴ + c5·x⁵ through what is given at both ends.
      let c1 = dq / T, c2 = 0, c3 = 0, c4 = 0, c5 = 0;
      if (s.v && s.a) {
        const v0 = s.v[i], v1 = s.v[o], a0 = s.a[i], a1 = s.a[o];
        c1 = v0;
        c2 = a0 / 2;
        c3 = (20 * dq - (8 * v1 + 12 * v0) * T - (3 * a0 - a1) * T * T) / (2 * T ** 3);
        c4 = (-30 * dq + (14 * v1 + 16 * v0) * T + (3 * a0 - 2 * a1) * T * T) / (2 * T ** 4);
        c5 = (12 * dq - 6 * (v1 + v0) * T + (a1 - a0) * T * T) / (2 * T ** 5);
      } else if (s.v) {
        const v0 = s.v[i], v1 = s.v[o];
        c1 = v0;
        c2 = (3 * dq - (2 * v0 + v1) * T) / (T * T);
        c3 = (-2 * dq + (v0 + v1) * T) / (T * T * T);
      }
      q[j] = s.q[i] + x * (c1 + x * (c2 + x * (c3 + x * (c4 + x * c5))));
      v[j] = c1 + x * (2 * c2 + x * (3 * c3 + x * (4 * c4 + x * 5 * c5)));
      a[j] = 2 * c2 + x * (6 * c3 + x * (12 * c4 + x * 20 * c5));
    }
  }
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
