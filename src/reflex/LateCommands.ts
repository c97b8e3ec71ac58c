import type { Command } from "../core/Command.js";
import { sampleCommand } from "../core/commands/sampleCommand.js";
import type { Seconds } from "../core/Seconds.js";
import type { SentCommands } from "./SentCommands.js";

export const LATE: Seconds = 0.3; // a command delayed for at most this long may still explain where the arm is
const STEP: Seconds = 0.005; // between two samples of the path
// rad, rad/s: farther than this from a command's state, the arm is not on it; within half of it, the arm is
const OFF = { q: 0.005, v: 0.25 } as const;

/**
 * Distinguishes an arm that is lost from one whose controller got a command late. A sent command may be delayed (DDS or
 * the receiver stalled). Meanwhile the arm goes on along the fail-safe trajectory of an earlier command, as intended.
 * That fail-safe trajectory was verified to rest, so an arm on it is where it may be, and braking is enough. Only an
 * arm that is on none of the fail-safe trajectories is lost.
 *
 * A blocked joint or a frozen sensor can look like a fail-safe trajectory for a moment. The arm brakes then too, and
 * the fault shows at rest: after late commands the arm reaches the end of the newest one; a blocked arm does not.
 */
export class LateCommands {
  private readonly q: Float64Array; // [nq] scratch
  private readonly v: Float64Array;

  /**
   * @param error rad; allowed distance of measured from commanded joints
   * @param weight [nq] of each joint's distance, if joints have different allowances: joint j has `error`/weight[j]
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
   * The largest weighted distance of a joint from its position in command c at time t, rad; NaN if one is not a
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
   * The command on whose fail-safe trajectory the arm brakes although a newer one is in force, because later commands
   * are delayed. Undefined if the arm is on the newest, on none, or slow. Position and speed must both fit, and the
   * speed better than that of the newest: an arm whose joints lag has the commanded speed, and a blocked arm does not
   * move.
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
   * Whether the arm is on the path in force, but farther along. Driver stamps that were set back look like this. If
   * they were set forward, the arm seems to be on an older fail-safe trajectory (`explain`).
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
   * Distance of a measured state from that of command c at time t, as a fraction of the distance that counts as off it;
   * leaves c's speeds in this.v.
   */
  private off(c: Command, t: Seconds, q: Float64Array, v: Float64Array): number {
    return Math.max(this.distance(c, t, q) / OFF.q, this.speedOff(v));
  }

  /** The same for speeds alone, against those in this.v. */
  private speedOff(v: Float64Array): number {
    return v.reduce((off, x, j) => Math.max(off, Math.abs(x - this.v[j]) / OFF.v), 0);
  }
}
