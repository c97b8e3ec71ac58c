import type { Command } from "../core/Command.js";
import { sampleCommand } from "../core/commands/sampleCommand.js";
import type { Seconds } from "../core/Seconds.js";
import type { SentCommands } from "./SentCommands.js";

export const LATE: Seconds = 0.3; // longest that commands may lie on the way and still explain where the arm is
const STEP: Seconds = 0.005; // between two looks at the path
// rad, rad/s: farther than this from a command's state, the arm is not on it; half as far, it is
const OFF = { q: 0.005, v: 0.25 } as const;

/**
 * Tells an arm that is lost from one whose controller got a command late. A command that left may lie on the way (DDS
 * or the receiver stalled); meanwhile the arm goes on along the fail-safe trajectory of one sent before, as it is meant
 * to. That fail-safe trajectory was verified to rest like every other, so an arm on it is where it may be: to brake is
 * enough. Only an arm on none of the fail-safe trajectories is lost.
 *
 * A blocked joint or a frozen sensor can look like a fail-safe trajectory for a moment. They brake just the same, and
 * are found out at rest: an arm whose commands were late has come to the end of the newest one by then, theirs has not.
 */
export class LateCommands {
  private readonly q: Float64Array; // [nq] scratch
  private readonly v: Float64Array;

  /**
   * @param error rad; how far measured joints may be from commanded ones
   * @param weight [nq] of each joint's distance, where they may be off by different amounts: by `error`/weight
   */
  constructor(
    nq: number,
    private readonly error: number,
    private readonly weight: ArrayLike<number> = new Float64Array(nq).fill(1),
  ) {
    this.q = new Float64Array(nq);
    this.v = new Float64Array(nq);
  }

  /**
   * The largest distance of a joint from where command c has it at time t, by its weight, rad; NaN where one is not a
   * number.
   */
  distance(c: Command, t: Seconds, q: Float64Array): number {
    sampleCommand(this.q, this.v, c, t);
    let most = 0;
    for (let j = 0; j < q.length; j++) {
      const d = this.weight[j] * Math.abs(q[j] - this.q[j]);
      if (!(d <= most)) most = d;
      if (Number.isNaN(d)) return NaN;
    }
    return most;
  }

  /**
   * The command on whose fail-safe trajectory the arm brakes, although a newer one is in force: what was sent since
   * lies on the way. Undefined where it is on the newest, on none, or slow. Both position and speed must fit, and the
   * speed better than the newest's: an arm whose joints lag behind goes as fast as it is told, and one that is blocked
   * does not go.
   */
  behind(sent: SentCommands, t: Seconds, q: Float64Array, v: Float64Array): Command | undefined {
    const inForce = sent.at(t);
    if (inForce === undefined || !(this.off(inForce, t, q, v) > 1)) return undefined;
    const apart = this.speedOff(v);
    const c = sent.newest(t, LATE, (older) => this.off(older, t, q, v) <= 0.5 && this.speedOff(v) < apart);
    return this.v.some((x) => Math.abs(x) > OFF.v) ? c : undefined;
  }

  /** Whether the arm, measured at time t, is on the fail-safe trajectory of one of the commands that began by then. */
  explain(sent: SentCommands, t: Seconds, q: Float64Array): boolean {
    return sent.newest(t, LATE, (c) => this.distance(c, t, q) <= this.error) !== undefined;
  }

  /**
   * Whether the arm is on the path in force, though farther along: stamps of the driver that were set back make it look
   * so. Where they were set forth it looks as if it were on an older fail-safe trajectory (`explain`).
   */
  onItsWay(sent: SentCommands, t: Seconds, q: Float64Array): boolean {
    const { last } = sent;
    if (last === undefined) return false;
    const end = Math.max(t, last.stamp + (last.N - 1) * last.dt);
    for (let s = t; s < end + STEP; s += STEP) {
      const c = sent.at(s);
      if (c !== undefined && this.distance(c, s, q) <= this.error) return true;
    }
    return false;
  }

  /**
   * How far a measured state is from where command c has the arm at time t, as a fraction of what counts as off it;
   * leaves c's speeds in this.v.
   */
  private off(c: Command, t: Seconds, q: Float64Array, v: Float64Array): number {
    return Math.max(this.distance(c, t, q) / OFF.q, this.speedOff(v));
  }

  /** The same of speeds alone, against those in this.v. */
  private speedOff(v: Float64Array): number {
    return v.reduce((off, x, j) => Math.max(off, Math.abs(x - this.v[j]) / OFF.v), 0);
  }
}
