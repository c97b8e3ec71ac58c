import type { Seconds } from "../../../core/Seconds.js";

/** Turns growing counts into rates: each reading is the mean rate since the reading before, Hz. */
export class Rates {
  private last: Readonly<Record<string, number>> = {};
  private at: Seconds | undefined;

  read(counts: Readonly<Record<string, number>>, now: Seconds): Record<string, number> {
    const dt = this.at === undefined ? Infinity : now - this.at;
    const rates = Object.fromEntries(
      Object.entries(counts).map(([name, n]) => [name, dt > 0 ? Math.max(0, n - (this.last[name] ?? 0)) / dt : 0]),
    );
    this.last = counts;
    this.at = now;
    return rates;
  }
}
