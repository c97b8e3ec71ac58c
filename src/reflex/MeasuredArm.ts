import type { Command } from "../core/Command.js";
import { perJoint } from "../core/math/perJoint.js";
import type { Seconds } from "../core/Seconds.js";
import { JoinCheck } from "../guardrails/filter/JoinCheck.js";
import { MeasuredMotion } from "../guardrails/filter/MeasuredMotion.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";
import { LateCommands } from "./LateCommands.js";
import type { ReflexOptions } from "./ReflexOptions.js";
import type { SentCommands } from "./SentCommands.js";

const SETTLED: Seconds = 0.1; // after the end of a fail-safe trajectory the joints have settled there
const FADE = 0.9; // of the tracking error seen, from one measurement to the next
const KNOWN: Seconds = 0.05; // beyond `staleAfter`: a fail-safe trajectory may still be sent earlier for so long

// ahead, of a fail-safe trajectory that is not urgent: it arrives before it begins, also on a busy machine
const SURELY: Seconds = 0.012;

/** What a measurement may do to the arm's mode. */
export type Stop = (event: "brake" | "fault", by: string, margin: number) => void;

/** The measured arm, compared with the commands sent: whether it is where it was commanded to be. */
export class MeasuredArm {
  last: { readonly stamp: Seconds; readonly q: Float64Array; readonly v: Float64Array } | undefined;
  // commands seem to have come late: whether the arm ends where it should is not known yet
  doubtful = false;
  private lost = false; // the arm is not where it was commanded to be
  // the fail-safe trajectory that the arm is on although newer ones were sent. It is sent again until the arm rests, so
  // that it comes last if all arrive at once
  private behind: Command | undefined;
  private strayed = 0; // rad, weighted error seen, fading
  private readonly expected: Float64Array; // [nq] rad (m if prismatic), tracking error
  private readonly most: number; // rad, E: the largest allowed tracking error of a joint
  private readonly weight: Float64Array; // [nq] of the joints' distances: joint j may be off by E/weight_j
  private readonly delay: Seconds;
  private readonly sweep: PathSweep;
  private readonly late: LateCommands;
  readonly motion: MeasuredMotion;
  private readonly join: JoinCheck;

  /** @param stop called with what follows from a measurement */
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
   * A measurement that passed ingress. If the arm is too far from the command for that instant, there are two cases.
   * After late commands the arm brakes on a fail-safe trajectory that it holds, where it may be; it must reach the end
   * of the newest one by the time it rests. Otherwise the arm is not where we think, which is a fault.
   */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array, active: boolean): void {
    const { sent } = this;
    this.last = { stamp, q, v };
    this.motion.observe(stamp, q, v);
    const then = stamp - this.delay; // the instant at which that was commanded
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

  /** Whether the arm was not moved since the joints followed the last command, and is seen to rest. */
  rests(): boolean {
    return this.last !== undefined && this.sent.idle(this.last.stamp - this.delay) && this.motion.rests();
  }

  /** How much smaller than allowed each joint's distance from q [nq] is, weighted, rad; NaN if it is not known. */
  roomTo(q: Float64Array): number {
    if (this.last === undefined) return NaN;
    return this.most - Math.max(...this.last.q.map((x, j) => this.weight[j] * Math.abs(x - q[j])));
  }

  /** At rest the arm is elsewhere than it was left. It is lost if it must have reached its goal by now. */
  found(room: number): void {
    if (this.last !== undefined && this.sent.idle(this.last.stamp - this.delay - SETTLED)) this.lose("moved", room);
  }

  /** Something keeps the arm farther from its commanded position than expected. */
  isHeldOff(): boolean {
    return this.last !== undefined && this.expected.some((e, j) => this.strayed / this.weight[j] > e);
  }

  /** Distance of a command's beginning from the arm, as a fraction of the allowed one. Above 1, or NaN: not allowed. */
  apart(command: Command, now: Seconds): number {
    const { last } = this;
    return last === undefined ? Infinity : this.join.apart(command, now, last.stamp - this.delay, last.q, this.motion);
  }

  /**
   * A fail-safe trajectory that was sent before, and that begins sooner than the last one. Never for an arm that
   * may be elsewhere.
   */
  sooner(now: Seconds, thenRest = false): Command | undefined {
    const { sent } = this;
    if (this.doubtful || this.lost || sent.misdated) return undefined;
    if (this.behind !== undefined) return sent.thenRest(sent.restOf(this.behind, now));
    return thenRest ? sent.thenRest(sent.sooner(now, SURELY)) : sent.sooner(now);
  }

  /** A person has allowed the arm to move again. */
  reset(): void {
    this.doubtful = this.lost = false;
  }

  /** Time is in doubt: earlier measurements are not used. */
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
   * Links grow with the error that is seen, never below the expected one. An arm that follows badly keeps more
   * distance, and brakes if there is no room.
   */
  private grow(error: number): void {
    const { most, expected, weight, sweep } = this;
    this.strayed = error <= most ? Math.max(error, FADE * this.strayed) : most;
    if (sweep.error !== undefined)
      for (let j = 0; j < expected.length; j++) sweep.error[j] = Math.max(expected[j], this.strayed / weight[j]);
  }
}
