import type { Seconds } from "../core/Seconds.js";

const SHORT = 0.3; // ms: waits below this are not worth a system call
const CATCH_UP = 1000; // ms behind which the lost time is given up
const COMPLAIN = 5000; // ms between two complaints
const WINDOW = 1000; // ms over which the real-time factor is measured

/**
 * Holds simulated time to `speed` × wall time by absolute deadlines: one late step is made good by the next ones, and no error adds up.
 * Who falls a second behind starts from there, and says so.
 */
export class Pacer {
  realTimeFactor = 1; // simulated over wall time, over about the last second
  private due = 0; // ms
  private complained = -Infinity;
  private windowStart = 0; // ms
  private windowTime: Seconds = 0;

  constructor(
    private readonly speed: number,
    private readonly slow: (lag: Seconds, realTimeFactor: number) => void,
  ) {}

  /** From now on time counts. */
  start(): void {
    this.due = this.windowStart = performance.now();
  }

  /** Call before a step of dt: waits, by `sleep` (ms; may return early), until its time has come. */
  step(dt: Seconds, sleep: (ms: number) => void): void {
    let now = performance.now();
    for (; this.due - now > SHORT && this.speed < Infinity; now = performance.now()) sleep(this.due - now);
    if (this.speed < Infinity) {
      if (now - this.due > CATCH_UP) {
        if (now - this.complained > COMPLAIN) {
          this.slow((now - this.due) / 1000, this.realTimeFactor);
          this.complained = now;
        }
        this.due = now;
      }
      this.due += (1000 * dt) / this.speed;
    }
    this.windowTime += dt;
    if (now - this.windowStart >= WINDOW) {
      this.realTimeFactor = (1000 * this.windowTime) / (now - this.windowStart);
      this.windowStart = now;
      this.windowTime = 0;
    }
  }
}
