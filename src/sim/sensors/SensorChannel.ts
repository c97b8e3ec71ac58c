import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";

/** A fault of a sensor. */
export interface SensorFault {
  readonly drop: number; // probability that a sample is lost
  readonly delay: Seconds;
  readonly corrupt: number; // standard deviation of noise added, in the sample's unit; NaN makes values NaN; 0: none
}

export const healthy: SensorFault = { drop: 0, delay: 0, corrupt: 0 };

/**
 * The channel from a sensor to its subscribers. Samples come out in order and late by the delay; some are lost, some
 * have noise. `base` describes the sensor without faults; faults are added to it for a while. The caller gives the
 * time.
 */
export class SensorChannel<T> {
  private readonly queue: { due: Seconds; sample: T }[] = [];
  private faults: { fault: Partial<SensorFault>; until: Seconds }[] = [];

  constructor(
    private readonly rng: Rng,
    private readonly spoil: (sample: T, noise: () => number) => T,
    private readonly base: SensorFault = healthy,
  ) {}

  /** Adds a fault until a time (Infinity: until cleared). */
  disturb(fault: Partial<SensorFault>, until: Seconds): void {
    this.faults.push({ fault, until });
  }

  clear(): void {
    this.faults = [];
  }

  /** Takes the sample measured at `now`. */
  offer(sample: T, now: Seconds): void {
    this.faults = this.faults.filter((f) => f.until > now);
    const { drop, delay, corrupt } = Object.assign({}, this.base, ...this.faults.map((f) => f.fault)) as SensorFault;
    if (drop > 0 && this.rng.uniform() < drop) return;
    this.queue.push({
      due: now + delay,
      sample: corrupt === 0 ? sample : this.spoil(sample, () => corrupt * this.rng.normal()),
    });
  }

  /** Returns the samples that have arrived by `now`, oldest first. */
  take(now: Seconds): T[] {
    let n = 0;
    while (n < this.queue.length && this.queue[n].due <= now + 1e-9) n++; // a sample never overtakes another
    return this.queue.splice(0, n).map((e) => e.sample);
  }
}
