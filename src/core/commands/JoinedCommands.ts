import type { Command } from "../Command.js";
import { sampleCommand } from "./sampleCommand.js";
import type { Seconds } from "../Seconds.js";

/** One point of a trajectory message. */
export interface Knot {
  readonly t: Seconds; // from the first point
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  readonly effort?: Float64Array; // [nq] N·m, if the controller also takes torques
}

/**
 * A message to a controller. Its first point is at `origin` + `since`: seconds since the epoch have a rounding error of
 * 0.2 µs, and a path shifted by that has 5 times the jerk at 1 kHz.
 */
export interface JoinedCommand {
  readonly origin: Seconds; // the same for all of a stream
  readonly since: Seconds;
  readonly knots: readonly Knot[];
}

// how much earlier than the newest a command may have started on whose fail-safe trajectory the arm is known to be
const OLDER: Seconds = 3;
const ROUNDING: Seconds = 1e-6;
const SAME = { q: 1e-6, v: 1e-4 } as const; // rad, rad/s: two paths join if they differ less
// beyond the lead: a controller's period (10 ms by default), clock differences, early ticks
const OVER: Seconds = 0.03;

/**
 * Commands in the form that controllers need. Released controllers do not wait for a stamp: they take a trajectory when
 * it arrives, and move from their present state by one cubic to its first point, whatever the path in force did
 * meanwhile: up to 1.7 A and 7 J. So each message starts with the path in force, from before it can arrive until the
 * command's own first knot:
 *
 *     t ∈ [s − lead − 30 ms, s):  the newest command sent before with stamp ≤ t;   t ≥ s:  the command
 *
 * Whenever the message arrives, the controller is already on the same cubics, so there is no transition. This path is
 * verified, because it was sent before. If no path leads to a command (the first one, or the arm was moved), or only
 * one that starts later, the message starts there, in the future: the controller moves to its first point from its
 * present state, which is at rest.
 */
export class JoinedCommands {
  private readonly sent: Command[] = []; // oldest first
  private origin: Seconds = NaN;
  private last = { stamp: NaN, since: NaN }; // of the previous command

  /** @param lead largest time from sending a command to its start */
  constructor(private readonly lead: Seconds) {}

  /** The message for c, which is sent now. */
  of(c: Command): JoinedCommand {
    // whole periods: the knots of a path sent without a break are a period apart
    const since = c.stamp - Math.ceil((this.lead + OVER) / c.dt - ROUNDING) * c.dt;
    const path: { t: Seconds; q: Float64Array; v: Float64Array }[] = [];
    const { N, nq, dt } = c;
    for (let k = 0; k < N; k++)
      path.push({ t: k * dt, q: c.q.slice(k * nq, (k + 1) * nq), v: c.v.slice(k * nq, (k + 1) * nq) });
    for (let t = c.stamp; t > since + ROUNDING;) {
      const before = this.leading(t, path[0]);
      if (before === undefined) break;
      const begins = Math.max(before.stamp, since);
      let k = Math.min(before.N - 1, Math.ceil((t - before.stamp - ROUNDING) / before.dt) - 1);
      for (; before.stamp + k * before.dt > begins + ROUNDING; k--)
        path.unshift(knot(before, before.stamp + k * before.dt, c));
      path.unshift(knot(before, begins, c));
      t = begins;
    }
    this.keep(c, since);
    if (Number.isNaN(this.origin)) this.origin = c.stamp;
    const from = path[0].t,
      start = path.findIndex(({ t }) => t >= 0);
    const rests = path[0].v.every((v) => v === 0) && path[0].q.every((x, j) => x === path[start].q[j]);
    return {
      origin: this.origin,
      since: this.place(c, rests) + from,
      knots: path.map(({ t, q, v }) => ({ t: t - from, q, v })),
    };
  }

  /** Keeps a command as long as a later one can follow it, however short the periods are. */
  private keep(c: Command, since: Seconds): void {
    const { sent } = this;
    while (sent.length > 1 && sent[1].stamp <= since - OLDER) sent.shift();
    sent.push({ ...c, q: c.q.slice(), v: c.v.slice() });
  }

  /** Start of c from the origin: whole periods after the previous command, until the arm rests. */
  private place({ stamp, dt }: Command, rests: boolean): Seconds {
    const { last, origin } = this,
      periods = Math.round((stamp - last.stamp) / dt) * dt;
    const since = rests || !(Math.abs(stamp - last.stamp - periods) < ROUNDING) ? stamp - origin : last.since + periods;
    this.last = { stamp, since };
    return since;
  }

  /**
   * The newest command that started before t and is then at `first`: usually the newest that started, but the arm may
   * be known to be on an older one.
   */
  private leading(t: Seconds, first: { readonly q: Float64Array; readonly v: Float64Array }): Command | undefined {
    return this.sent.findLast((before) => {
      if (before.stamp > t - ROUNDING) return false;
      const { q, v } = knot(before, t, before);
      return first.q.every((x, j) => Math.abs(x - q[j]) <= SAME.q && Math.abs(first.v[j] - v[j]) <= SAME.v);
    });
  }
}

/** A command's state at time t, measured from c's stamp and rounded to whole periods if it is one. */
function knot(command: Command, t: Seconds, c: Command): { t: Seconds; q: Float64Array; v: Float64Array } {
  const q = new Float64Array(c.nq),
    v = new Float64Array(c.nq),
    i = Math.round((t - command.stamp) / command.dt),
    n = Math.round((t - c.stamp) / c.dt);
  const exact = Math.abs(t - command.stamp - i * command.dt) < ROUNDING && i >= 0 && i < command.N;
  if (exact) {
    q.set(command.q.subarray(i * c.nq, (i + 1) * c.nq));
    v.set(command.v.subarray(i * c.nq, (i + 1) * c.nq));
  } else sampleCommand(q, v, command, t);
  return { t: Math.abs(t - c.stamp - n * c.dt) < ROUNDING ? n * c.dt : t - c.stamp, q, v };
}
