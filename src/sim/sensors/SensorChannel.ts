import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";

/** What is wrong with a sensor. */
export interface SensorFault {
  readonly drop: number; // probability that a sample is lost
  readonly delay: Seconds;
  readonly corrupt: number; // standard deviation of noise added, in the sample's unit; NaN makes values NaN; 0: none
}

export const healthy: SensorFault = { drop: 0, delay: 0, corrupt: 0 };

/**
 * The way from a sensor to whoever listens: samples come out in order, late by the delay, some lost, some spoilt.
 * `base` is what the sensor is like; faults are set on top for a while. Time is given by the caller.
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

  /** Whatever has arrived by `now`, oldest first. */
  take(now: Seconds): T[] {
    let n = 0;
    while (n < this.queue.length && this.queue[n].due <= now + 1e-9) n++; // in order: a sample never overtakes another
    return this.queue.splice(0, n).map((e) => e.sample);
  }
}
