import type { Seconds } from "../core/Seconds.js";

/**
 * The last seconds of joint observations, oldest first, in memory allocated once: a ring of [capacity] rows of stamp,
 * q, v. Returns nothing older than `window`, and nothing from before a jump back of time.
 */
export class ObservationBuffer {
  private readonly stamps: Float64Array; // [capacity] s
  private readonly q: Float64Array; // [capacity,nq] rad
  private readonly v: Float64Array; // [capacity,nq] rad/s
  private next = 0;
  private count = 0;

  /** @throws RangeError for a capacity below 1 */
  constructor(
    readonly nq: number,
    readonly window: Seconds,
    readonly capacity: number,
  ) {
    if (!(capacity >= 1)) throw new RangeError(`capacity: got ${capacity}, want ≥ 1`);
    this.stamps = new Float64Array(capacity);
    this.q = new Float64Array(capacity * nq);
    this.v = new Float64Array(capacity * nq);
  }

  /** Number of observations now held. */
  get length(): number {
    return this.count;
  }

  /**
   * Copies one observation in and drops the oldest if full. A stamp that is not newer than the last means that time
   * restarted: all earlier observations are dropped.
   */
  push(stamp: Seconds, q: ArrayLike<number>, v: ArrayLike<number>): void {
    if (this.count > 0 && !(stamp > this.stamps[this.row(this.count - 1)])) this.count = 0;
    const row = this.next;
    this.stamps[row] = stamp;
    for (let j = 0; j < this.nq; j++) {
      this.q[row * this.nq + j] = q[j];
      this.v[row * this.nq + j] = v[j];
    }
    this.next = (row + 1) % this.capacity;
    this.count = Math.min(this.count + 1, this.capacity);
    while (stamp - this.stamps[this.row(0)] > this.window) this.count--;
  }

  /** Seconds since the i-th oldest observation, Infinity if there is none. */
  age(i: number, now: Seconds): Seconds {
    return i >= 0 && i < this.count ? now - this.stamps[this.row(i)] : Infinity;
  }

  /** Copies the i-th oldest observation out. @returns its stamp. @throws RangeError if there is none */
  read(i: number, q: Float64Array, v: Float64Array): Seconds {
    if (!(i >= 0 && i < this.count)) throw new RangeError(`observation: got ${i}, want 0 … ${this.count - 1}`);
    const row = this.row(i);
    q.set(this.q.subarray(row * this.nq, (row + 1) * this.nq));
    v.set(this.v.subarray(row * this.nq, (row + 1) * this.nq));
    return this.stamps[row];
  }

  /**
   * The joints at a time, interpolated between the observations around it, and held beyond the ends: fills q [nq].
   * @returns false if there is no observation
   */
  at(stamp: Seconds, q: Float64Array): boolean {
    if (this.count === 0) return false;
    let i = this.count - 1;
    while (i > 0 && this.stamps[this.row(i)] > stamp) i--;
    const [a, b] = [this.row(i), this.row(Math.min(i + 1, this.count - 1))];
    const span = this.stamps[b] - this.stamps[a];
    const u = span > 0 ? Math.max(0, Math.min(1, (stamp - this.stamps[a]) / span)) : 0;
    for (let j = 0; j < this.nq; j++)
      q[j] = this.q[a * this.nq + j] + u * (this.q[b * this.nq + j] - this.q[a * this.nq + j]);
    return true;
  }

  private row(i: number): number {
    return (this.next - this.count + i + this.capacity) % this.capacity;
  }
}
