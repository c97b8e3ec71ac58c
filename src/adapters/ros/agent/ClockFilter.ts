import type { Seconds } from "../../../core/Seconds.js";

/** A clock as a line, for as long as SILENCE: now = at + rate·(monotonic − since). */
export interface ClockLine {
  readonly at: Seconds;
  readonly since: Seconds; // of the machine's monotonic clock
  readonly rate: number; // simulated seconds per second
}

const WINDOW: Seconds = 1; // of messages that count
const SETTLE: Seconds = 0.2; // in which an error is slewed away
const LEAP: Seconds = 0.1; // a larger error forwards is jumped over, not slewed
const BACK: Seconds = 0.005; // a stamp earlier than the last by more than this: time was set back
// with FASTEST: a stamp that no simulation could have reached meanwhile belongs to another one
const LEAP_AHEAD: Seconds = 1;
const FASTEST = 100; // simulated seconds per second
export const SILENCE: Seconds = 0.25; // without progress of /clock: simulated time stands still
const PERIOD: Seconds = 0.02; // between estimates
const PROOF: Seconds = 0.005; // an estimate farther than this behind what a stamp proves is corrected at once
// how far ahead of /clock, and of twice the time since, another stamp of the same simulation may be
const WITNESS: Seconds = 0.1;

/**
 * Simulated time from /clock messages that arrive late by an unknown, varying time. A message stamped s and received at
 * a was sent at a − d, d ≥ 0, so every point (a, s) lies on or below the true line s = r·a + c, and those with the
 * least delay lie on it: the line is the upper envelope of the points of the last second. r joins the uppermost
 * points of its first and last third, c = max(s − r·a). (After Moon, Skelly & Towsley, INFOCOM 1999, who find it as a
 * linear programme; two envelope points far apart are steadier than the hull's edge.)
 *
 * A stamp that has come proves that the time is at least that. So does the stamp of a joint state: it counts as a point
 * like any other, but only /clock determines the pace of time.
 *
 * The output is monotone: an error is slewed away, never stepped backwards. Two exceptions: the first line, and a
 * simulation that was set back.
 */
export class ClockFilter {
  private arrivals: Seconds[] = [];
  private stamps: Seconds[] = [];
  private last: { readonly stamp: Seconds; readonly arrival: Seconds } | undefined; // message of /clock
  private line: ClockLine | undefined;
  private estimated: Seconds = -Infinity;
  resets = 0; // how often time was set back

  /** One message. Returns the new line, or undefined if the present one stays. */
  observe(stamp: Seconds, arrival: Seconds): ClockLine | undefined {
    const { last } = this;
    if (!Number.isFinite(stamp)) return undefined;
    if (last === undefined || this.line === undefined) return this.restart(stamp, arrival, 1);
    if (stamp < last.stamp - BACK) {
      this.resets++;
      return this.restart(stamp, arrival, this.line.rate);
    }
    const gap = arrival - last.arrival;
    if (stamp - last.stamp > LEAP_AHEAD + FASTEST * gap) return this.restart(stamp, arrival, 1);
    if (stamp <= last.stamp) return undefined; // paused, or out of order
    if (gap > SILENCE) [this.arrivals, this.stamps] = [[], []]; // what happened meanwhile is not known
    this.last = { stamp, arrival };
    this.arrivals.push(arrival);
    this.stamps.push(stamp);
    if (arrival - this.estimated < PERIOD) return this.prove(stamp, arrival);
    this.estimated = arrival;
    const old = this.arrivals.findIndex((a) => a >= arrival - WINDOW);
    if (old > 0) {
      this.arrivals = this.arrivals.slice(old);
      this.stamps = this.stamps.slice(old);
    }
    return this.adopt(stamp, arrival);
  }

  /**
   * A stamp of the same simulation from another topic than /clock. Returns as `observe`; one that /clock contradicts
   * proves nothing.
   */
  witness(stamp: Seconds, arrival: Seconds): ClockLine | undefined {
    const { last, line } = this;
    if (last === undefined || line === undefined || line.rate === 0 || !(stamp > this.now(arrival))) return undefined;
    if (!(stamp - last.stamp <= WITNESS + 2 * Math.max(1, line.rate) * (arrival - last.arrival))) return undefined;
    this.arrivals.push(arrival);
    this.stamps.push(stamp);
    return this.prove(stamp, arrival);
  }

  private prove(stamp: Seconds, arrival: Seconds): ClockLine | undefined {
    return stamp - this.now(arrival) > PROOF
      ? (this.line = { at: stamp, since: arrival, rate: this.line!.rate })
      : undefined;
  }

  /** To be called regularly: if /clock is silent, time stands still until it continues. */
  check(now: Seconds): ClockLine | undefined {
    const { last } = this;
    if (this.line === undefined || last === undefined || this.line.rate === 0 || now - last.arrival <= SILENCE)
      return undefined;
    return (this.line = { at: this.now(now), since: now, rate: 0 });
  }

  private restart(stamp: Seconds, arrival: Seconds, rate: number): ClockLine {
    this.last = { stamp, arrival };
    this.arrivals = [arrival];
    this.stamps = [stamp];
    return (this.line = { at: stamp, since: arrival, rate });
  }

  private adopt(stamp: Seconds, arrival: Seconds): ClockLine {
    const rate = this.rate();
    const before = this.now(arrival);
    const now = stamp - before > PROOF ? stamp : before;
    const error = rate * arrival + this.offset(rate) - now;
    if (error > LEAP * Math.max(1, rate)) return (this.line = { at: now + error, since: arrival, rate });
    return (this.line = { at: now, since: arrival, rate: Math.max(0, rate + error / SETTLE) });
  }

  private now(arrival: Seconds): Seconds {
    const { at, since, rate } = this.line!;
    return at + rate * Math.min(arrival - since, SILENCE);
  }

  private rate(): number {
    const { arrivals: a, stamps: s } = this;
    const n = a.length,
      span = a[n - 1] - a[0];
    if (n < 5 || span < 0.05) return n > 1 && span > 0.01 ? (s[n - 1] - s[0]) / span : this.line!.rate || 1;
    let r = (s[n - 1] - s[0]) / span;
    for (let pass = 0; pass < 2; pass++) {
      const i = this.uppermost(r, -Infinity, a[0] + span / 3),
        k = this.uppermost(r, a[n - 1] - span / 3, Infinity);
      r = Math.max(0, (s[k] - s[i]) / (a[k] - a[i]));
    }
    return r;
  }

  /** Index of the point farthest above a line of slope r among those that arrived within [from, to]. */
  private uppermost(r: number, from: Seconds, to: Seconds): number {
    const { arrivals: a, stamps: s } = this;
    let best = -1;
    for (let i = 0; i < a.length; i++) {
      if (a[i] >= from && a[i] <= to && (best < 0 || s[i] - s[best] > r * (a[i] - a[best]))) best = i;
    }
    return best;
  }

  private offset(r: number): Seconds {
    const i = this.uppermost(r, -Infinity, Infinity);
    return this.stamps[i] - r * this.arrivals[i];
  }
}
