import type { Seconds } from "../../core/Seconds.js";

const SHORT = 0.3; // ms; a shorter wait is skipped, since a system call takes too long
const CATCH_UP = 1000; // ms of delay beyond which the lost time is dropped
const BURST = 10; // ms of simulated time that may pass at once after a stall
const HASTE = 1.1; // times `speed`: the largest speed at which a delay beyond a burst is caught up
const COMPLAIN = 5000; // ms between two warnings
const WINDOW = 1000; // ms over which the real-time factor is measured

/**
 * Keeps simulated time at `speed` × wall time by absolute deadlines: a delay is caught up by the next steps, so that
 * errors do not add up. It is not caught up at once. If a stalled simulation ran 0.1 s in a moment, every command would
 * be late, which does not happen with a real arm. A delay of more than a second is dropped, with a warning.
 */
export class Pacer {
  realTimeFactor = 1; // simulated over wall time, over about the last second
  private due = 0; // ms
  private earliest = 0; // ms; the next step may not come earlier
  private complained = -Infinity;
  private windowStart = 0; // ms
  private windowTime: Seconds = 0;

  constructor(
    private readonly speed: number,
    private readonly slow: (lag: Seconds, realTimeFactor: number) => void,
  ) {}

  /** Starts time. */
  start(): void {
    this.due = this.earliest = this.windowStart = performance.now();
  }

  /** Call it before each step of dt. It waits by `sleep` (ms; may return early) until the step is due. */
  step(dt: Seconds, sleep: (ms: number) => void): void {
    let now = performance.now();
    const begin = Math.max(this.due, this.earliest);
    for (; begin - now > SHORT && this.speed < Infinity; now = performance.now()) sleep(begin - now);
    if (this.speed < Infinity) {
      if (now - this.due > CATCH_UP) {
        if (now - this.complained > COMPLAIN) {
          this.slow((now - this.due) / 1000, this.realTimeFactor);
          this.complained = now;
        }
        this.due = now;
      }
      this.due += (1000 * dt) / this.speed;
      this.earliest = Math.max(this.earliest + (1000 * dt) / (HASTE * this.speed), now - BURST / this.speed);
    }
    this.windowTime += dt;
    if (now - this.windowStart >= WINDOW) {
      this.realTimeFactor = (1000 * this.windowTime) / (now - this.windowStart);
      this.windowStart = now;
      this.windowTime = 0;
    }
  }
}
