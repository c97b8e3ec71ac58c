import type { Seconds } from "../../../core/Seconds.js";
import { between, fromSeconds, later, type Stamp } from "../cdr/Stamp.js";

const ZERO: Stamp = { sec: 0, nanosec: 0 };

/** The instant at which simulated time begins, to convert it to stamps and back; 0 before it begins. */
export class SimEpoch {
  private begun: Stamp | undefined;

  /** @param ms of the system's clock, at time 0 */
  begin(ms: number): void {
    this.begun = fromSeconds(ms / 1000);
  }

  stamp(time: Seconds): Stamp {
    return later(this.begun ?? ZERO, time);
  }

  /** Simulated time at a stamp; undefined for "now", a stamp of 0, and before it begins. */
  time(stamp: Stamp): Seconds | undefined {
    const now = stamp.sec === 0 && stamp.nanosec === 0;
    return now || this.begun === undefined ? undefined : between(stamp, this.begun);
  }
}
