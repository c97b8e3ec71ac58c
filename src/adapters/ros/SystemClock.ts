import type { Seconds } from "../../core/Seconds.js";
import { monotonic, type SharedClock } from "../../core/time/SharedClock.js";

const PERIOD = 1000; // ms
const HALF_TICK: Seconds = 0.0005; // Date.now gives whole milliseconds, rounded down
const DEAD_BAND: Seconds = 0.002;
const LEAP: Seconds = 1; // a larger error is a step of the system's clock, not drift
const SLEW = 0.01; // seconds per second, at most

/**
 * Keeps the agent's clock on the system's. The two drift apart by tens of ppm (NTP disciplines the system's clock, not
 * the machine's monotonic one), so after a day every stamp from elsewhere would look seconds old. Errors are slewed
 * away. Only if somebody sets the system's clock does ours jump after it.
 */
export class SystemClock {
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly clock: SharedClock) {
    // finer than Date.now, and correct at the start
    this.clock.set((performance.timeOrigin + performance.now()) / 1e3, monotonic(), 1);
    this.timer = setInterval(() => this.discipline(Date.now() / 1e3 + HALF_TICK), PERIOD);
  }

  discipline(system: Seconds): void {
    const instant = monotonic(),
      now = this.clock.now(instant); // one instant for both: the time between two would look like a jump
    const error = system - now;
    if (Math.abs(error) > LEAP) this.clock.set(system, instant, 1);
    else this.clock.set(now, instant, Math.abs(error) < DEAD_BAND ? 1 : 1 + Math.max(-SLEW, Math.min(SLEW, error)));
  }

  destroy(): void {
    clearInterval(this.timer);
  }
}
