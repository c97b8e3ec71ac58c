import type { Command } from "../core/Command.js";
import type { Seconds } from "../core/Seconds.js";

const SOON: Seconds = 0.002; // a fail-safe trajectory that begins this far ahead still arrives in time
const ROUNDING: Seconds = 1e-6;

/**
 * Commands that have left for the controller, oldest first. Each was verified with its fail-safe trajectory and ends at
 * rest; so does the rest of it from any of its knots.
 */
export class SentCommands {
  readonly list: Command[] = [];
  misdated = false; // time was in doubt: the commands sent show when the motion ends, but not where the arm is

  /**
   * @param dt δ, between the knots of every command
   * @param kept how long older ones are kept, to compare with measurements, which come late
   */
  constructor(
    private readonly dt: Seconds,
    private readonly kept: Seconds,
  ) {}

  get last(): Command | undefined {
    return this.list.at(-1);
  }

  /** The one in force at t, as far as was sent. */
  at(t: Seconds): Command | undefined {
    return this.list.findLast((c) => c.stamp <= t);
  }

  /**
   * The newest that began by t and fits, begun at most `back` before the one in force. It is counted from that one
   * because no other follows while the arm brakes.
   */
  newest(t: Seconds, back: Seconds, fits: (c: Command) => boolean): Command | undefined {
    const inForce = this.at(t);
    return inForce && this.list.findLast((c) => c.stamp <= t && c.stamp >= inForce.stamp - back && fits(c));
  }

  /** Whether nothing sent moves the arm at or after t. */
  idle(t: Seconds): boolean {
    const { last } = this;
    return last === undefined || t >= last.stamp + (last.N - 1) * last.dt;
  }

  add(command: Command): void {
    // copied, because the safety filter reuses its buffers
    this.list.push({ ...command, q: command.q.slice(), v: command.v.slice() });
    while (this.list.length > 1 && this.list[1].stamp <= command.stamp - this.kept) this.list.shift();
  }

  /** The clock was set by `step`: dates of the commands are shifted by it. */
  redate(step: Seconds): void {
    this.misdated = true;
    this.list.forEach((c, i) => (this.list[i] = { ...c, stamp: c.stamp + step }));
  }

  clear(): void {
    this.list.length = 0;
  }

  /**
   * The soonest fail-safe trajectory that can still arrive in time: the remainder, from knot s on, of the last command
   * begun before s, for the first knot s of the path sent that is later than now + `ahead`. It was verified with that
   * command, against what was known then. Undefined if the arm is on its last fail-safe trajectory by then.
   */
  sooner(now: Seconds, ahead = SOON): Command | undefined {
    const { last, dt } = this;
    if (last === undefined) return undefined;
    const s = last.stamp - Math.floor((last.stamp - now - ahead) / dt) * dt;
    const c = this.list.findLast((before) => before.stamp < s - ROUNDING);
    if (c === undefined || c === last) return undefined;
    const i = Math.round((s - c.stamp) / dt);
    // at rest by then, or periods that were not whole
    if (i > c.N - 2 || Math.abs(c.stamp + i * dt - s) > ROUNDING) return undefined;
    return from(c, i);
  }

  /** The rest of a command from the first knot that can still arrive in time; undefined if it rests by then. */
  restOf(c: Command, now: Seconds): Command | undefined {
    const i = Math.max(1, Math.ceil((now + SOON - c.stamp) / c.dt));
    return i > c.N - 2 ? undefined : from(c, i);
  }

  /**
   * A fail-safe trajectory, extended at rest until the last command sent ends. If both come late, it does not end
   * before that one, and so the controller does not refuse it.
   */
  thenRest(c: Command | undefined): Command | undefined {
    const last = this.last!;
    if (c === undefined) return undefined;
    const { N, nq, dt } = c,
      all = Math.max(N, last.N + Math.round((last.stamp - c.stamp) / dt));
    const q = new Float64Array(all * nq),
      v = new Float64Array(all * nq);
    q.set(c.q.subarray(0, N * nq));
    v.set(c.v.subarray(0, N * nq));
    for (let k = N; k < all; k++) q.copyWithin(k * nq, (k - 1) * nq, k * nq);
    return { ...c, N: all, q, v };
  }
}

/** A command from its i-th knot on. */
const from = (c: Command, i: number): Command => ({
  stamp: c.stamp + i * c.dt,
  dt: c.dt,
  N: c.N - i,
  nq: c.nq,
  q: c.q.subarray(i * c.nq),
  v: c.v.subarray(i * c.nq),
});
