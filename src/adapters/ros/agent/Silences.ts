import type { Seconds } from "../../../core/Seconds.js";

const WINDOW = 4096; // of them: 40 s of joint states

/** Silences of a stream between two messages, of the last few thousand. */
export class Silences {
  private readonly lengths = new Float64Array(WINDOW);
  private count = 0;
  private last: Seconds = NaN;

  heard(now: Seconds): void {
    if (Number.isFinite(this.last)) this.lengths[this.count++ % WINDOW] = now - this.last;
    this.last = now;
  }

  /** @param p 0 … 1 @returns 0 if there was none */
  quantile(p: number): Seconds {
    const n = Math.min(this.count, WINDOW);
    const sorted = this.lengths.slice(0, n).sort();
    return n === 0 ? 0 : sorted[Math.min(n - 1, Math.floor(p * n))];
  }
}
