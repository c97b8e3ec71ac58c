import type { Command } from "../core/Command.js";
import { perJoint } from "../core/math/perJoint.js";
import type { Seconds } from "../core/Seconds.js";
import { JoinCheck } from "../guardrails/filter/JoinCheck.js";
import { MeasuredMotion } from "../guardrails/filter/MeasuredMotion.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";
import { LateCommands } from "./LateCommands.js";
import type { ReflexOptions } from "./ReflexOptions.js";
import type { SentCommands } from "./SentCommands.js";

const SETTLED: Seconds = 0.1; // after a fail-safe trajectory's end the joints have come to where it leads
const FADE = 0.9; // of a tracking error seen, from one measurement to the next
const KNOWN: Seconds = 0.05; // beyond `staleAfter`: for so long a fail-safe trajectory may still be sent sooner

/** What a measurement may make of the arm's mode. */
export type Stop = (event: "brake" | "fault", by: string, margin: number) => void;

/** The arm as it is measured, held against what was sent to it: whether it is where it was commanded to be. */
export class MeasuredArm {
  last: { readonly stamp: Seconds; readonly q: Float64Array; readonly v: Float64Array } | undefined;
  // commands seem to have come late: whether the arm ends where it shall is still to be seen
  doubtful = false;
  private lost = false; // the arm is not where it was commanded to be
  // on whose fail-safe trajectory the arm is although newer ones were sent: to be sent again until it rests, so that it
  // comes last should all arrive at once
  private behind: Command | undefined;
  private strayed = 0; // rad, the error seen, by weight, fading
  private readonly expected: Float64Array; // [nq] rad (m if prismatic), tracking error
  private readonly most: number; // rad, E: the greatest tracking error of a joint
  private readonly weight: Float64Array; // [nq] of joints' distances: joint j may be off by E/weight_j
  private readonly delay: Seconds;
  private readonly sweep: PathSweep;
  private readonly late: LateCommands;
  readonly motion: MeasuredMotion;
  private readonly join: JoinCheck;

  /** @param stop is told what follows from a measurement */
  constructor(
    options: ReflexOptions,
    private readonly sent: SentCommands,
    private readonly stop: Stop,
  ) {
    const { limits, sweep, staleAfter, trackingError, delay = 0 } = options,
      n = limits.lo.length;
    this.expected = sweep.error?.slice() ?? new Float64Array(n);
    const error = perJoint(trackingError, n);
    this.most = Math.max(...error);
    this.weight = error.map((e) => (e === this.most ? 1 : this.most / Math.max(e, 1e-9)));
    this.delay = delay;
    this.sweep = sweep;
    this.late = new LateCommands(n, this.most, this.weight);
    this.motion = new MeasuredMotion(n, staleAfter);
    this.join = new JoinCheck(error, limits.acceleration, staleAfter + KNOWN + delay);
  }

  /**
   * A measurement that passed ingress. Too far from what was commanded for its instant: where commands came late the
   * arm brakes on a fail-safe trajectory it holds, which is where it may be, and has until it rests to come to the end
   * of the newest; else it is not where we think, and that is a fault.
   */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array, active: boolean): void {
    const { sent } = this;
    this.last = { stamp, q, v };
    this.motion.observe(stamp, q, v);
    const then = stamp - this.delay; // when that was commanded
    const command = sent.at(then);
    if (command === undefined || sent.misdated || (sent.idle(then) && !this.doubtful)) return this.grow(0);
    const error = this.late.distance(command, then, q);
    const room = this.most - error;
    this.grow(error);
    if (active) this.behind = this.late.behind(sent, then, q, v);
    if (this.behind !== undefined) this.stop("brake", "late_command", room);
    if (room >= 0) {
      if (sent.idle(then - SETTLED)) this.doubtful = false;
      return;
    }
    if (sent.idle(then - SETTLED) || !(this.late.explain(sent, then, q) || this.late.onItsWay(sent, then, q))) {
      this.doubtful = false;
      return this.lose("tracking", room);
    }
    this.doubtful = true;
    this.stop("brake", "late_command", room);
  }

  /** The arm was not moved since what was sent has come to the joints, and is seen to rest. */
  rests(): boolean {
    return this.last !== undefined && this.sent.idle(this.last.stamp - this.delay) && this.motion.rests();
  }

  /** By how much less a joint is from q [nq] than it may be, rad by its weight; NaN where nobody knows. */
  roomTo(q: Float64Array): number {
    if (this.last === undefined) return NaN;
    return this.most - Math.max(...this.last.q.map((x, j) => this.weight[j] * Math.abs(x - q[j])));
  }

  /** At rest it is elsewhere than it was left: lost, once it must have come to where it was sent. */
  found(room: number): void {
    if (this.last !== undefined && this.sent.idle(this.last.stamp - this.delay - SETTLED)) this.lose("moved", room);
  }

  /** Something keeps the arm farther from where it is commanded to be than was expected. */
  isHeldOff(): boolean {
    return this.last !== undefined && this.expected.some((e, j) => this.strayed / this.weight[j] > e);
  }

  /** How far a command begins from where the arm is, as a fraction of what is allowed: above 1, or NaN, it does not. */
  apart(command: Command, now: Seconds): number {
    const { last } = this;
    return last === undefined ? Infinity : this.join.apart(command, now, last.stamp - this.delay, last.q, this.motion);
  }

  /**
   * A fail-safe trajectory that was sent already, sooner than the arm would come to its last one; never to an arm that
   * may be elsewhere.
   */
  sooner(now: Seconds, thenRest = false): Command | undefined {
    const { sent } = this;
    if (this.doubtful || this.lost || sent.misdated) return undefined;
    if (this.behind !== undefined) return sent.thenRest(sent.restOf(this.behind, now));
    const failSafe = sent.sooner(now);
    return thenRest ? sent.thenRest(failSafe) : failSafe;
  }

  /** A person has said that the arm may move again. */
  reset(): void {
    this.doubtful = this.lost = false;
  }

  /** Time is in doubt: nothing is believed that was measured before. */
  forget(): void {
    this.doubtful = false;
    this.behind = undefined;
    this.last = undefined;
    this.motion.clear();
  }

  /** The arm is not where it was commanded to be. */
  private lose(by: string, margin: number): void {
    this.lost = true;
    this.stop("fault", by, margin);
  }

  /**
   * Links grow with the error that is seen, never below the expected one: an arm that follows badly keeps farther off,
   * and brakes where there is no room.
   */
  private grow(error: number): void {
    const { most, expected, weight, sweep } = this;
    this.strayed = error <= most ? Math.max(error, FADE * this.strayed) : most;
    if (sweep.error !== undefined)
      for (let j = 0; j < expected.length; j++) sweep.error[j] = Math.max(expected[j], this.strayed / weight[j]);
  }
}
