import type { Command } from "../core/Command.js";
import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { ContactForce } from "../guardrails/filter/ContactForce.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import { transition, unconfigured, type ModeEvent, type ModeState } from "../guardrails/mode.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";
import { SafetyFilter } from "../guardrails/filter/SafetyFilter.js";
import { CommandedState } from "./CommandedState.js";
import { InputAges } from "./InputAges.js";
import { LATE } from "./LateCommands.js";
import { MeasuredArm } from "./MeasuredArm.js";
import type { ReflexOptions } from "./ReflexOptions.js";
import { RequestedVelocity } from "./RequestedVelocity.js";
import { sameLimits } from "./sameLimits.js";
import { SentCommands } from "./SentCommands.js";
import { NOT_AT_REST } from "./stopCause.js";

/** Why the arm last stopped, or is not moving. */
export interface StopReason {
  readonly by: string;
  readonly margin: number;
}

/**
 * System 1: the lowest level, with the safety filter in it. At every tick it looks up what was last commanded for this
 * instant, asks the tracker for the requested velocity, and lets the safety filter verify that step with its fail-safe
 * trajectory. To brake, it sends nothing: the arm then goes on along the fail-safe trajectory that it already holds.
 * That one begins after steps sent ahead (`lead`); if a stop is urgent, the fail-safe trajectory of an earlier step is
 * sent again. Commands begin where the last command that truly left leads, never at feedback, as long as the arm moves.
 * If none is in force, the arm is moved only after it was seen to rest. Every command is compared with the last
 * measurement of the arm before it leaves (`JoinCheck`).
 */
export class Reflex {
  state: ModeState = unconfigured;
  reason: StopReason = { by: "", margin: Infinity };
  checks = 0;
  limited = 0;
  stopped = 0;
  // how often each guardrail objected, and how often each other cause stopped the arm
  readonly trips: Record<string, number> = {};
  contact: ContactForce | undefined;
  private filter: SafetyFilter;
  private sweep: PathSweep;
  private recovering = false;
  private engaged = true; // a task is in force: nobody else may move the arm
  // other limits are in force, or other capsules (a thing in the hand): first the arm must rest, under those that its
  // fail-safe trajectory was made for
  private settling = false;
  private readonly sent: SentCommands;
  private readonly ages: InputAges;
  private readonly measured: MeasuredArm;
  private readonly now: CommandedState;
  private readonly requested: RequestedVelocity;

  constructor(private readonly options: ReflexOptions) {
    const { limits, dt, staleAfter, needs, guardrails, maxForce, delay = 0 } = options;
    this.sent = new SentCommands(dt, staleAfter + delay + LATE);
    this.ages = new InputAges(staleAfter, needs);
    this.measured = new MeasuredArm(options, this.sent, (event, by, margin) => this.apply(event, by, margin));
    this.now = new CommandedState(limits.lo.length, this.sent, this.measured);
    this.requested = new RequestedVelocity(this.now, limits, dt);
    this.sweep = options.sweep;
    this.filter = this.makeFilter(guardrails, limits, this.sweep);
    this.contact = maxForce === undefined ? undefined : new ContactForce(maxForce);
  }

  /** [nq] rad, commanded for the last tick's stamp. */
  get q(): Float64Array {
    return this.now.q;
  }

  /** [nq] rad/s */
  get v(): Float64Array {
    return this.now.v;
  }

  /** What was commanded at the last tick: where the next plan begins. */
  get commanded(): CommandedState["told"] {
    return this.now.told;
  }

  /**
   * Margins to report, by guardrail: of the last request, or of the arm as it stands if nothing moves. NaN if they are
   * not known.
   */
  margins(idle: boolean, from: State): Float64Array {
    const { filter, measured } = this;
    if (measured.last === undefined) return filter.margins.fill(NaN);
    return idle ? filter.stand(measured.last.q, from) : filter.margins;
  }

  get guardrails(): readonly Guardrail[] {
    return this.filter.guardrails;
  }

  /**
   * Replaces the guardrails, limits and sweep by the robot's and those of a task: all at once, or none if they are
   * refused. The stored fail-safe trajectory stays verified by those it was sent under. Under other limits, or with
   * another sweep, nothing moves before it has ended.
   * @throws RangeError on limits under which a stop takes too long
   */
  guard(
    guardrails: readonly Guardrail[],
    maxForce = this.options.maxForce,
    limits = this.options.limits,
    sweep = this.options.sweep,
  ): void {
    const filter = this.makeFilter(guardrails, limits, sweep);
    this.settling ||= sweep !== this.sweep || !sameLimits(limits, this.requested.limits);
    this.sweep = sweep;
    this.requested.limits = limits;
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
    if (event === "reset") this.measured.reset();
    if (event === "reset" || event === "activate") this.now.trusting = true;
    if (this.state !== before && event !== "rest") this.requested.follow(undefined);
  }

  /**
   * Between tasks nobody is in charge: a hand, another program or a simulator's reset may move the arm. The next task
   * begins where the arm then is.
   */
  engage(task: boolean): void {
    this.engaged = task;
    if (task) this.now.trusting = true;
  }

  follow(plan: Plan | undefined): void {
    this.recovering = false;
    if (plan === undefined || this.state.mode === "active") this.requested.follow(plan);
  }

  /**
   * The goals hold. The arm comes to rest along the fail-safe trajectory that it holds; if things are moved, as soon as
   * possible.
   */
  rest(atOnce: boolean): void {
    if (atOnce) this.recover();
    else this.follow(undefined);
  }

  /**
   * There is a task but no admissible plan (yet). The arm stops. If it stands in violation of a guardrail, it moves out
   * of it (recovery) until there is a plan.
   */
  recover(): void {
    this.follow(undefined);
    this.recovering = true;
  }

  /** A measurement that passed ingress. It may show that the arm is not where it was commanded to be. */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array): void {
    this.ages.observe(stamp);
    this.measured.observe(stamp, q, v, this.state.mode === "active");
  }

  /** A needed input besides joint states has come, with this stamp. */
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

  /** Whether all needed inputs are new enough for motion. */
  fresh(now: Seconds): boolean {
    return this.ages.stale(now) === "";
  }

  /** Whether no command that left moves the arm at or after t. */
  idle(t: Seconds): boolean {
    return this.sent.idle(t);
  }

  /**
   * One tick: the command for `stamp`, or, if a stop is urgent, a fail-safe trajectory that begins sooner. Undefined if
   * the arm shall go on along the fail-safe trajectory that it already holds, or is at rest. Call `commit` with the
   * command once it has truly left; one that did not leave has no effect.
   */
  tick(stamp: Seconds, from: State): Command | undefined {
    const inCharge = this.state.mode === "active" || this.state.mode === "stopping";
    this.now.anchor(stamp, inCharge && this.engaged);
    const wanted = this.decide(stamp, from);
    const command = wanted === undefined || this.joins(wanted, from.stamp) ? wanted : undefined;
    this.now.tell(command ?? this.sent.last, this.requested.limits.acceleration);
    return command;
  }

  /**
   * Whether a command begins where the arm is. One that does not must not leave, and the arm goes on along the
   * fail-safe trajectory that it holds.
   */
  private joins(command: Command, now: Seconds): boolean {
    const apart = this.measured.apart(command, now);
    if (apart <= 1) return true;
    this.stopped++;
    this.trips.measured_state = (this.trips.measured_state ?? 0) + 1;
    this.reason = { by: "measured_state", margin: 1 - apart };
    this.commanded.following = false;
    return false;
  }

  private decide(stamp: Seconds, from: State): Command | undefined {
    this.ages.tick(from.stamp);
    const stale = this.ages.stale(from.stamp);
    if (stale !== "") this.miss(`stale_${stale}`, this.ages.of(stale, from.stamp));
    if (
      this.state.mode === "stopping" &&
      this.idle(stamp) &&
      (!this.measured.doubtful || this.state.next === "latched") &&
      (this.state.next !== "active" || (this.fresh(from.stamp) && this.measured.motion.rests()))
    )
      this.apply("rest");
    const { commanded, measured, requested } = this;
    const { q, v, a } = this.now;
    // the clock was set back a little, or ticks catch up: this instant already has its command
    const again = stamp <= (this.sent.last?.stamp ?? -Infinity);
    commanded.following &&= again && this.state.mode === "active";
    if (this.state.mode !== "active") return measured.sooner(from.stamp);
    if (again) return undefined;
    if (!this.now.anchored) return this.standBy();
    if (this.reason.by === NOT_AT_REST) this.reason = { by: "", margin: Infinity };
    if (this.settling && !this.idle(stamp)) return undefined;
    this.settling = false;
    const follows = requested.follows(stamp);
    if (follows && this.ages.hesitate(from.stamp)) return measured.sooner(from.stamp, true);
    if (follows) requested.track(stamp);
    else if (!this.recovering) return undefined;
    // perhaps because a person came
    else if (!this.filter.recover(requested.w, q, from)) return measured.sooner(from.stamp);
    this.checks++;
    const command = this.filter.step(stamp, q, v, requested.w, from, a);
    const { verdict } = this.filter;
    if (verdict.kind === "limit") this.limited++;
    if (verdict.kind === "stop") this.stopped++;
    if (verdict.kind !== "pass") this.trips[verdict.by] = (this.trips[verdict.by] ?? 0) + 1;
    if (verdict.kind === "stop") this.reason = { by: verdict.by, margin: verdict.margin };
    commanded.following = follows && command !== undefined;
    if (command === undefined && this.giveWay(stamp)) return this.filter.step(stamp, q, v, requested.w, from, a);
    return (
      command ?? (this.guardrails.find((g) => g.name === verdict.by)?.urgent ? measured.sooner(from.stamp) : undefined)
    );
  }

  /** Somebody else moves the arm, or its last motion has not settled: the next motion begins when it rests. */
  private standBy(): undefined {
    if (this.recovering || this.requested.follows(this.commanded.stamp)) this.reason = { by: NOT_AT_REST, margin: NaN };
  }

  /**
   * Something keeps the arm at rest away from its commanded position, and therefore the safety filter passes nothing:
   * requests a step to the arm's true position.
   * @returns whether this is the case
   */
  private giveWay(stamp: Seconds): boolean {
    const { measured } = this;
    if (measured.last === undefined || !measured.isHeldOff() || !this.idle(stamp)) return false;
    this.requested.stepTo(measured.last.q);
    return true;
  }

  /**
   * An input is too old: stop. If the arm already rests, this becomes the reason why it stands still.
   */
  private miss(by: string, age: Seconds): void {
    this.apply("brake", by, age);
    const { mode, next } = this.state;
    if (mode === "stopping" && next === "active" && this.reason.by !== by && this.idle(this.commanded.stamp))
      this.reason = { by, margin: age };
  }

  /**
   * Time itself is in doubt: stop, and use no earlier measurement. Of earlier commands only their end is used. The arm
   * goes on along the fail-safe trajectory that it holds; where it stops is measured when it rests.
   * @param step by which the clock was set
   */
  forget(by: string, step: Seconds): void {
    this.apply("brake", by);
    this.sent.redate(step);
    this.now.trusting = true;
    this.measured.forget();
    this.ages.forget();
  }

  commit(command: Command): void {
    this.now.trusting = false;
    this.sent.add(command);
  }

  private makeFilter(guardrails: readonly Guardrail[], limits: JointLimits, sweep: PathSweep): SafetyFilter {
    return new SafetyFilter(limits, sweep, guardrails, this.options.dt);
  }
}
