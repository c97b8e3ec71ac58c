import type { Seconds } from "../../core/Seconds.js";

const SHORT = 0.3; // ms: waits below this are not worth a system call
const CATCH_UP = 1000; // ms behind which the lost time is given up
const BURST = 10; // ms of simulated time that may pass at once after a stall
const HASTE = 1.1; // times `speed`: what is lost beyond a burst is made good no faster than this
const COMPLAIN = 5000; // ms between two complaints
const WINDOW = 1000; // ms over which the real-time factor is measured

/**
 * Holds simulated time to `speed` × wall time by absolute deadlines: late steps are made good by the next ones, and no
 * error adds up. But not at once: a plant that was stalled and then lived through a tenth of a second in a moment would
 * find every command late, as no true arm does. Who falls a second behind starts from there, and says so.
 */
export class Pacer {
  realTimeFactor = 1; // simulated over wall time, over about the last second
  private due = 0; // ms
  private earliest = 0; // ms: the next step may not be taken before
  private complained = -Infinity;
  private windowStart = 0; // ms
  private windowTime: Seconds = 0;

  constructor(
    private readonly speed: number,
    private readonly slow: (lag: Seconds, realTimeFactor: number) => void,
  ) {}

  /** From now on time counts. */
  start(): void {
    this.due = this.earliest = this.windowStart = performance.now();
  }

  /** Call before a step of dt: waits, by `sleep` (ms; may return early), until its time has come. */
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
