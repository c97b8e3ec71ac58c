import type { Seconds } from "../../core/Seconds.js";
import { Drift } from "./Drift.js";

const WINDOW: Seconds = 0.1; // that must have been quiet
const MEAN: Seconds = 0.03; // over which the velocity is averaged
const NOISE = 0.003; // rad, of joints at rest
const STILL = 0.1; // rad/s
const LONGEST: Seconds = 0.55; // longest window, used if there is more noise

interface Sample {
  readonly stamp: Seconds;
  readonly q: Float64Array; // [nq] rad
}

/**
 * The arm's motion, from its last measured positions. Velocities that drivers report may be noise, zeros or missing, so
 * positions decide:
 *
 *     v̄ = (q(t) − q(t − W))/W,  W ≥ 30 ms if there is so much:  the velocity at some instant of the last W
 *
 * It rests if no joint moved by more than 3 mrad + 0.1 rad/s·W in the last W = 0.1 s, or, if sensors have more noise,
 * drifted by more than 0.1 rad/s (`Drift`). If less is known, as after silence, two measurements and the reported
 * velocities must agree on that.
 */
export class MeasuredMotion {
  readonly mean: Float64Array; // [nq] v̄, rad/s
  window: Seconds = 0; // W of the mean
  private readonly samples: Sample[] = []; // oldest first; the first is the last that is WINDOW old
  private told: Float64Array;
  private readonly drift = new Drift(LONGEST);

  /** @param gap after so long without a measurement, earlier ones are not used */
  constructor(
    nq: number,
    private readonly gap: Seconds,
  ) {
    this.mean = new Float64Array(nq);
    this.told = new Float64Array(nq);
  }

  /** @param v [nq] rad/s as reported */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array): void {
    const { samples } = this,
      last = samples.at(-1)?.stamp;
    if (stamp === last) return;
    if (last !== undefined && !(stamp > last && stamp - last <= this.gap)) this.clear();
    samples.push({ stamp, q: q.slice() });
    this.drift.observe(stamp, q);
    this.told = v.slice();
    while (samples.length > 2 && samples[1].stamp <= stamp - WINDOW) samples.shift();
    const before = samples.findLast((s) => s.stamp <= stamp - MEAN) ?? samples[0];
    this.window = stamp - before.stamp;
    for (let j = 0; j < q.length; j++) this.mean[j] = this.window > 0 ? (q[j] - before.q[j]) / this.window : v[j];
  }

  clear(): void {
    this.samples.length = 0;
    this.drift.clear();
    this.window = 0;
  }

  /** Whether the arm is seen at rest. */
  rests(): boolean {
    return this.quiet() || this.drift.within(STILL);
  }

  private quiet(): boolean {
    const { samples, told } = this,
      last = samples.at(-1);
    if (samples.length < 2 || last === undefined) return false;
    const span = last.stamp - samples[0].stamp;
    if (span < WINDOW && !told.every((v) => Math.abs(v) <= STILL)) return false;
    const most = NOISE + STILL * Math.min(span, WINDOW);
    for (let j = 0; j < last.q.length; j++) {
      let lo = Infinity,
        hi = -Infinity;
      for (const { q } of samples) ((lo = Math.min(lo, q[j])), (hi = Math.max(hi, q[j])));
      if (!(hi - lo <= most)) return false;
    }
    return true;
  }
}
