import type { Command } from "../core/Command.js";
import { perJoint } from "../core/math/perJoint.js";
import { sampleCommand } from "../core/commands/sampleCommand.js";
import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { Tracker } from "./Tracker.js";
import { ContactForce } from "../guardrails/filter/ContactForce.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import { transition, unconfigured, type ModeEvent, type ModeState } from "../guardrails/mode.js";
import { JerkLimiter } from "../guardrails/filter/JerkLimiter.js";
import { JoinCheck } from "../guardrails/filter/JoinCheck.js";
import { MeasuredMotion } from "../guardrails/filter/MeasuredMotion.js";
import { viableVelocities } from "../guardrails/filter/viableVelocities.js";
import { SafetyFilter } from "../guardrails/filter/SafetyFilter.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";
import { InputAges } from "./InputAges.js";
import { LATE, LateCommands } from "./LateCommands.js";
import { SentCommands } from "./SentCommands.js";
import type { Commanded } from "./startState.js";
import { NOT_AT_REST } from "./stopCause.js";

export interface ReflexOptions {
  readonly limits: JointLimits;
  readonly sweep: PathSweep;
  readonly guardrails: readonly Guardrail[];
  readonly dt: Seconds; // δ, between commands
  readonly staleAfter: Seconds; // of joint states
  // other inputs without which nothing moves, by topic, and how old they may be
  readonly needs?: Readonly<Record<string, Seconds>>;
  readonly maxForce?: number; // N, of contact; without it forces are not felt
  // rad (m if prismatic), of all joints or of each [nq]; a larger distance between commanded and measured joints is a
  // fault
  readonly trackingError: number | ArrayLike<number>;
  readonly delay?: Seconds; // of the servo: what is measured was commanded so long before; default: 0
}

/** Why the arm last stopped, or is not moving. */
export interface StopReason {
  readonly by: string;
  readonly margin: number;
}

const SETTLED: Seconds = 0.1; // after a fail-safe trajectory's end the joints have come to where it leads
const FADE = 0.9; // of a tracking error seen, from one measurement to the next
const KNOWN: Seconds = 0.05; // beyond `staleAfter`: for so long a fail-safe trajectory may still be sent sooner

/**
 * System 1: the lowest level, with the safety filter in it. At every tick it looks up what was last commanded for this
 * instant, asks the tracker where the plan wants to go, and lets the safety filter verify that step with its fail-safe
 * trajectory. To brake is to send nothing: the arm then goes on along the fail-safe trajectory it already holds. That
 * fail-safe trajectory begins after steps sent ahead (`lead`); where to stop is urgent the fail-safe trajectory of an
 * earlier one of them is sent again. Commands are anchored on the last command that truly left, never on feedback while
 * moving: where none is in force, only an arm that was seen to rest is moved. Whatever would leave is held against the
 * arm as measured last (`JoinCheck`).
 */
export class Reflex {
  readonly tracker = new Tracker();
  readonly q: Float64Array; // [nq] rad, commanded for the tick's stamp
  readonly v: Float64Array; // [nq] rad/s
  readonly a: Float64Array; // [nq] rad/s²
  // of the last tick, for whoever plans on from it
  readonly commanded: { -readonly [F in keyof Commanded]: Commanded[F] };
  state: ModeState = unconfigured;
  reason: StopReason = { by: "", margin: Infinity };
  checks = 0;
  limited = 0;
  stopped = 0;
  // how often each guardrail objected, and each other cause stopped the arm
  readonly trips: Record<string, number> = {};
  contact: ContactForce | undefined;
  private filter: SafetyFilter;
  private recovering = false;
  private engaged = true; // a task is in force: nobody else may move the arm
  // the arm is where it is measured: nothing was sent yet since activation, reset or the beginning of the task
  private trusting = true;
  private doubtful = false; // commands seem to have come late: whether the arm ends where it shall is still to be seen
  // on whose fail-safe trajectory the arm is although newer ones were sent: to be sent again until it rests, so that it
  // comes last should all arrive at once
  private behind: Command | undefined;
  private lost = false; // the arm is not where it was commanded to be
  private readonly sent: SentCommands;
  private readonly w: Float64Array;
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly u: Float64Array;
  private limits: JointLimits;
  private jerk: JerkLimiter | undefined;
  private anchored = false; // q, v is a state to begin from
  private misdated = false; // time was in doubt: what was sent tells when it ends, and not where the arm is
  // other limits are in force: first the arm comes to rest under those that its fail-safe trajectory was made for
  private settling = false;
  private readonly late: LateCommands;
  private readonly expected: Float64Array; // [nq] rad (m if prismatic), tracking error
  private readonly most: number; // rad, E: the greatest tracking error of a joint
  private readonly weight: Float64Array; // [nq] of joints' distances: joint j may be off by E/weight_j
  private readonly delay: Seconds;
  private strayed = 0; // rad, the error seen, by weight, fading
  private readonly ages: InputAges;
  private readonly motion: MeasuredMotion;
  private readonly join: JoinCheck;
  private measured: { readonly stamp: Seconds; readonly q: Float64Array; readonly v: Float64Array } | undefined;

  constructor(private readonly options: ReflexOptions) {
    const n = options.limits.lo.length;
    this.q = new Float64Array(n);
    this.v = new Float64Array(n);
    this.commanded = { stamp: -Infinity, following: false, q: new Float64Array(n), v: new Float64Array(n) };
    this.a = new Float64Array(n);
    this.u = new Float64Array(n);
    this.w = new Float64Array(n);
    this.lower = new Float64Array(n);
    this.upper = new Float64Array(n);
    this.limits = options.limits;
    this.jerk = this.makeJerk(options.limits);
    this.expected = options.sweep.error?.slice() ?? new Float64Array(n);
    const error = perJoint(options.trackingError, n);
    this.most = Math.max(...error);
    this.weight = error.map((e) => (e === this.most ? 1 : this.most / Math.max(e, 1e-9)));
    this.delay = options.delay ?? 0;
    this.sent = new SentCommands(options.dt, options.staleAfter + this.delay + LATE);
    this.late = new LateCommands(n, this.most, this.weight);
    this.ages = new InputAges(options.staleAfter, options.needs);
    this.motion = new MeasuredMotion(n, options.staleAfter);
    this.join = new JoinCheck(error, options.limits.acceleration, options.staleAfter + KNOWN + this.delay);
    this.filter = this.makeFilter(options.guardrails, options.limits);
    this.contact = options.maxForce === undefined ? undefined : new ContactForce(options.maxForce);
  }

  /**
   * Margins for telling, by guardrail: of the last request, or where nothing moves of the arm as it stands. NaN where
   * nobody knows.
   */
  margins(idle: boolean, from: State): Float64Array {
    const { filter, measured } = this;
    if (measured === undefined) return filter.margins.fill(NaN);
    return idle ? filter.stand(measured.q, from) : filter.margins;
  }

  get guardrails(): readonly Guardrail[] {
    return this.filter.guardrails;
  }

  /**
   * Replaces the guardrails, and the limits, by the robot's with a task's own added: all at once, or none where they
   * cannot be. The stored fail-safe trajectory stays verified by those it was sent under; under other limits nothing
   * moves before it has ended.
   * @throws RangeError on limits under which a stop takes too long
   */
  guard(guardrails: readonly Guardrail[], maxForce = this.options.maxForce, limits = this.options.limits): void {
    const jerk = this.makeJerk(limits),
      filter = this.makeFilter(guardrails, limits);
    this.settling ||= !same(limits, this.limits);
    this.limits = limits;
    this.jerk = jerk;
    this.filter = filter;
    if (maxForce !== this.contact?.max) this.contact = maxForce === undefined ? undefined : new ContactForce(maxForce);
  }

  apply(event: ModeEvent, by = "", margin = NaN): void {
    const before = this.state;
    this.state = transition(before, event);
    if (this.state !== before && (event === "brake" || event === "fault" || event === "deactivate")) {
      this.reason = { by, margin };
      this.trips[by] = (this.trips[by] ?? 0) + 1;
    }
    if (event === "reset") this.doubtful = this.lost = false;
    if (event === "reset" || event === "activate") this.trusting = true;
    if (this.state !== before && event !== "rest") this.tracker.follow(undefined);
  }

  /**
   * Between tasks the arm is anybody's: a hand, another program or a simulator's reset may move it, and the next task
   * begins where it then is.
   */
  engage(task: boolean): void {
    this.engaged = task;
    if (task) this.trusting = true;
  }

  follow(plan: Plan | undefined): void {
    this.recovering = false;
    if (plan === undefined || this.state.mode === "active") this.tracker.follow(plan);
  }

  /**
   * The goals hold: come to rest, along the fail-safe trajectory that the arm holds, or where things are moved as soon
   * as it can.
   */
  rest(atOnce: boolean): void {
    if (atOnce) this.recover();
    else this.follow(undefined);
  }

  /**
   * There is a task but no admissible plan (yet): stop, and if the arm stands in violation of a guardrail, back out of
   * it, until there is a plan.
   */
  recover(): void {
    this.follow(undefined);
    this.recovering = true;
  }

  /**
   * A measurement that passed ingress. Too far from what was commanded for its instant: where commands came late the
   * arm brakes on a fail-safe trajectory it holds, which is where it may be, and has until it rests to come to the end
   * of the newest; else it is not where we think, and that is a fault.
   */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array): void {
    this.ages.observe(stamp);
    this.measured = { stamp, q, v };
    this.motion.observe(stamp, q, v);
    const then = stamp - this.delay; // when that was commanded
    const command = this.sent.at(then);
    if (command === undefined || this.misdated || (this.idle(then) && !this.doubtful)) return this.grow(0);
    const error = this.late.distance(command, then, q);
    const room = this.most - error;
    this.grow(error);
    if (this.state.mode === "active") this.behind = this.late.behind(this.sent, then, q, v);
    if (this.behind !== undefined) this.apply("brake", "late_command", room);
    if (room >= 0) {
      if (this.idle(then - SETTLED)) this.doubtful = false;
      return;
    }
    if (
      this.idle(then - SETTLED) ||
      !(this.late.explain(this.sent, then, q) || this.late.onItsWay(this.sent, then, q))
    ) {
      this.doubtful = false;
      return this.lose("tracking", room);
    }
    this.doubtful = true;
    this.apply("brake", "late_command", room);
  }

  /** The arm is not where it was commanded to be. */
  private lose(by: string, margin: number): void {
    this.lost = true;
    this.apply("fault", by, margin);
  }

  /**
   * Links grow with the error that is seen, never below the expected one: an arm that follows badly keeps farther off,
   * and brakes where there is no room.
   */
  private grow(error: number): void {
    const {
      most,
      expected,
      weight,
      options: { sweep },
    } = this;
    this.strayed = error <= most ? Math.max(error, FADE * this.strayed) : most;
    if (sweep.error !== undefined)
      for (let j = 0; j < expected.length; j++) sweep.error[j] = Math.max(expected[j], this.strayed / weight[j]);
  }

  /** An input that is needed besides joint states has told of the world as it was at `stamp`. */
  hear(input: string, stamp: Seconds): void {
    this.ages.hear(input, stamp);
  }

  /** A force sensor's sample that passed ingress. @param force [3] N, of the world on the arm */
  feel(stamp: Seconds, force: ArrayLike<number>): void {
    this.hear("wrench", stamp);
    const { contact, state } = this;
    if (contact?.exceeds(force) && (state.mode === "active" || state.mode === "stopping"))
      this.apply("fault", contact.name, contact.margin);
  }

  /** All that is needed is as new as it must be for motion. */
  fresh(now: Seconds): boolean {
    return this.ages.stale(now) === "";
  }

  /** Nothing that left says to move at or after t. */
  idle(t: Seconds): boolean {
    return this.sent.idle(t);
  }

  /**
   * One tick: the command for `stamp`, or where to stop is urgent a fail-safe trajectory that begins sooner; undefined
   * where the fail-safe trajectory that the arm already holds shall go on (or it is at rest). Call `commit` with it
   * once it has truly left; a command that did not leave never happened.
   */
  tick(stamp: Seconds, from: State): Command | undefined {
    this.anchor(stamp);
    this.commanded.stamp = stamp;
    const wanted = this.decide(stamp, from);
    const command = wanted === undefined || this.joins(wanted, from.stamp) ? wanted : undefined;
    this.foretell(command);
    return command;
  }

  /**
   * Whether a command begins where the arm is; one that does not must not leave, and the arm goes on along the
   * fail-safe trajectory that it holds.
   */
  private joins(command: Command, now: Seconds): boolean {
    const { measured, commanded } = this;
    const apart =
      measured === undefined
        ? Infinity
        : this.join.apart(command, now, measured.stamp - this.delay, measured.q, this.motion);
    if (apart <= 1) return true;
    this.stopped++;
    this.trips.measured_state = (this.trips.measured_state ?? 0) + 1;
    this.reason = { by: "measured_state", margin: 1 - apart };
    commanded.following = false;
    return false;
  }

  private decide(stamp: Seconds, from: State): Command | undefined {
    this.ages.tick(from.stamp);
    const stale = this.ages.stale(from.stamp);
    if (stale !== "") this.miss(`stale_${stale}`, this.ages.of(stale, from.stamp));
    if (
      this.state.mode === "stopping" &&
      this.idle(stamp) &&
      (!this.doubtful || this.state.next === "latched") &&
      (this.state.next !== "active" || (this.fresh(from.stamp) && this.motion.rests()))
    )
      this.apply("rest");
    const { commanded } = this;
    // a clock set back a little, or ticks that catch up: that instant has its command
    const again = stamp <= (this.sent.last?.stamp ?? -Infinity);
    commanded.following &&= again && this.state.mode === "active";
    if (this.state.mode !== "active") return this.sooner(from.stamp);
    if (again) return undefined;
    if (!this.anchored) return this.standBy();
    if (this.reason.by === NOT_AT_REST) this.reason = { by: "", margin: Infinity };
    if (this.settling && !this.idle(stamp)) return undefined;
    this.settling = false;
    const follows = this.tracker.follows(stamp);
    if (follows && this.ages.hesitate(from.stamp)) return this.sooner(from.stamp, true);
    if (follows) this.track(stamp);
    else if (!this.recovering) return undefined;
    // perhaps for the sake of somebody who came
    else if (!this.filter.recover(this.w, this.q, from)) return this.sooner(from.stamp);
    this.checks++;
    const command = this.filter.step(stamp, this.q, this.v, this.w, from, this.a);
    const { verdict } = this.filter;
    if (verdict.kind === "limit") this.limited++;
    if (verdict.kind === "stop") this.stopped++;
    if (verdict.kind !== "pass") this.trips[verdict.by] = (this.trips[verdict.by] ?? 0) + 1;
    if (verdict.kind === "stop") this.reason = { by: verdict.by, margin: verdict.margin };
    commanded.following = follows && command !== undefined;
    if (command === undefined && this.giveWay(stamp))
      return this.filter.step(stamp, this.q, this.v, this.w, from, this.a);
    return (
      command ?? (this.guardrails.find((g) => g.name === verdict.by)?.urgent ? this.sooner(from.stamp) : undefined)
    );
  }

  /** Somebody else moves the arm, or its last motion has not died away: what there is to do begins when it rests. */
  private standBy(): undefined {
    if (this.recovering || this.tracker.follows(this.commanded.stamp)) this.reason = { by: NOT_AT_REST, margin: NaN };
  }

  /**
   * Fills `commanded`: where no plan is followed, with the velocity from which hardest braking ends where the fail-safe
   * trajectory does.
   */
  private foretell(command = this.sent.last): void {
    const {
      commanded,
      q,
      v,
      limits: { acceleration },
    } = this;
    commanded.q.set(q);
    commanded.v.set(v);
    if (commanded.following || command === undefined) return;
    for (let j = 0, end = (command.N - 1) * q.length; j < q.length; j++) {
      const way = command.q[end + j] - q[j];
      commanded.v[j] = Math.sign(way) * Math.sqrt(2 * acceleration[j] * Math.abs(way));
    }
  }

  /**
   * A fail-safe trajectory that was sent already, sooner than the arm would come to its last one; never to an arm that
   * may be elsewhere.
   */
  private sooner(now: Seconds, thenRest = false): Command | undefined {
    if (this.doubtful || this.lost || this.misdated) return undefined;
    if (this.behind !== undefined) return this.sent.thenRest(this.sent.restOf(this.behind, now));
    const failSafe = this.sent.sooner(now);
    return thenRest ? this.sent.thenRest(failSafe) : failSafe;
  }

  /**
   * An arm at rest that something keeps from where it is commanded to be, and whose safety filter is shut by that:
   * fills w with a step to where it truly is.
   * @returns whether it is so
   */
  private giveWay(stamp: Seconds): boolean {
    const {
      measured,
      w,
      q,
      limits: { acceleration },
      options: { dt },
    } = this;
    if (measured === undefined || !this.expected.some((e, j) => this.strayed / this.weight[j] > e) || !this.idle(stamp))
      return false;
    let scale = 1 / dt;
    for (let j = 0; j < w.length; j++) scale = Math.min(scale, (acceleration[j] * dt) / Math.abs(measured.q[j] - q[j]));
    for (let j = 0; j < w.length; j++) w[j] = scale * (measured.q[j] - q[j]);
    return true;
  }

  /**
   * The plan's velocity, mapped into what may be reached: after a late plan the way back onto it takes several steps.
   */
  private track(stamp: Seconds): void {
    const { w, q, v, lower, upper } = this;
    const {
      limits,
      options: { dt },
    } = this;
    this.tracker.velocity(w, q, v, stamp, dt);
    viableVelocities(lower, upper, q, v, 0, limits, dt);
    for (let j = 0; j < w.length; j++) w[j] = Math.max(lower[j], Math.min(upper[j], w[j]));
    if (this.jerk !== undefined)
      for (let j = 0; j < w.length; j++) if (this.jerk.applies(j)) this.glide(this.jerk, j, stamp);
  }

  /** The same for a joint whose jerk is limited: the plan without its corners, filtered through what jerk allows. */
  private glide(jerk: JerkLimiter, j: number, stamp: Seconds): void {
    const { w, u, tracker } = this;
    const {
      limits,
      options: { dt },
    } = this;
    const q = this.q[j],
      v = this.v[j],
      a = this.a[j];
    tracker.glide(w, u, j, q, v, stamp, dt, Math.max(dt, (2 * limits.acceleration[j]) / limits.jerk![j]));
    u[j] = jerk.toward(j, v, a, w[j], u[j]);
    jerk.limit(j, this.q, this.v, this.a, u);
    w[j] = v + 0.5 * (a + u[j]) * dt;
  }

  /**
   * An input is too old: stop; an arm that rests already stands still for that from now on, whatever it stopped for.
   */
  private miss(by: string, age: Seconds): void {
    this.apply("brake", by, age);
    const { mode, next } = this.state;
    if (mode === "stopping" && next === "active" && this.reason.by !== by && this.idle(this.commanded.stamp))
      this.reason = { by, margin: age };
  }

  /**
   * Time itself is in doubt: stop, and believe nothing that was measured before, nor of what was sent more than that it
   * ends. The arm goes on along the fail-safe trajectory it holds; where it comes to is seen when it rests.
   * @param step by which the clock was set
   */
  forget(by: string, step: Seconds): void {
    this.apply("brake", by);
    this.sent.redate(step);
    this.misdated = this.trusting = true;
    this.doubtful = false;
    this.behind = undefined;
    this.measured = undefined;
    this.motion.clear();
    this.ages.forget();
  }

  commit(command: Command): void {
    this.trusting = false;
    this.sent.add(command);
  }

  /**
   * The state commanded for `stamp`; the measured one where nothing was commanded since a person said go, once the arm
   * was seen to rest. An arm at rest that is found elsewhere while we are in charge was moved, or its sensors lie: the
   * controller would leap to a command that begins there.
   */
  private anchor(stamp: Seconds): void {
    const last = this.sent.last;
    this.anchored = last !== undefined;
    if (last !== undefined) sampleCommand(this.q, this.v, last, stamp, this.a);
    if (this.measured === undefined || this.doubtful || !this.idle(stamp)) return;
    const { q, stamp: since } = this.measured;
    const distance =
      last === undefined || this.misdated
        ? Infinity
        : Math.max(...q.map((x, j) => this.weight[j] * Math.abs(x - this.q[j])));
    const astray = !(distance <= this.most);
    const inCharge = this.state.mode === "active" || this.state.mode === "stopping";
    if (last === undefined || this.trusting || !inCharge || !this.engaged) {
      // at rest before what was sent has come to the joints is no rest
      this.anchored = this.idle(since - this.delay) && this.motion.rests();
      if (astray) this.q.set(q);
      if (astray && this.anchored) this.sent.clear();
      if (this.anchored) this.misdated = false;
    } else if (astray && this.idle(since - this.delay - SETTLED)) this.lose("moved", this.most - distance);
    this.v.fill(0);
    this.a.fill(0);
  }

  private makeJerk(limits: JointLimits): JerkLimiter | undefined {
    const { dt } = this.options;
    return limits.jerk === undefined ? undefined : new JerkLimiter({ ...limits, jerk: limits.jerk }, dt);
  }

  private makeFilter(guardrails: readonly Guardrail[], limits: JointLimits): SafetyFilter {
    return new SafetyFilter(limits, this.options.sweep, guardrails, this.options.dt);
  }
}

/**
 * Whether a step of the agent's clock within a tenth of a second is one of time itself. An estimate of simulated time
 * is never set back, but forth by some 10 ms where a stamp proves it late; such errors brake as commands that came late
 * do.
 */
export const isLeap = (step: Seconds): boolean => step < -0.005 || step > 0.05;

const same = (a: JointLimits, b: JointLimits): boolean =>
  (["lo", "hi", "velocity", "acceleration", "jerk"] as const).every(
    (k) => a[k] === b[k] || (a[k]?.every((x, j) => x === b[k]?.[j]) ?? false),
  );
