import type { Seconds } from "../core/Seconds.js";

const HALF: Seconds = 0.05; // over which positions are averaged: two such means, one after the other, tell of the speed without the sensors' noise
const LEAST = 2; // measurements in each
const STILL = 0.01; // rad/s

/**
 * Whether the arm is measured to rest, from positions alone, since drivers may tell no velocities: with q̄₁, q̄₂ the means over two stretches of at least 50 ms that follow each other, T from
 * the middle of one to that of the other,
 *
 *     max_j |q̄₂ − q̄₁|_j / T ≤ 0.01 rad/s
 */
export class Rest {
  private before: Mean | undefined;
  private now: Mean | undefined;

  /** Forgets what was measured. */
  clear(): void {
    this.before = this.now = undefined;
  }

  /** Takes a measurement, stamps rising. @param q [nq] rad. @returns whether the arm rests as far as is known by now */
  observe(stamp: Seconds, q: Float64Array): boolean {
    if (this.now !== undefined && !(stamp >= this.now.last)) this.clear();
    const mean = (this.now ??= { first: stamp, last: stamp, count: 0, sum: new Float64Array(q.length) });
    mean.last = stamp;
    mean.count++;
    for (let j = 0; j < q.length; j++) mean.sum[j] += q[j];
    if (mean.last - mean.first < HALF || mean.count < LEAST) return false;
    const { before } = this;
    this.before = mean;
    this.now = undefined;
    return before !== undefined && speed(before, mean) <= STILL;
  }
}

interface Mean {
  readonly first: Seconds;
  last: Seconds;
  count: number;
  readonly sum: Float64Array; // [nq] rad
}

function speed(a: Mean, b: Mean): number {
  const T = (b.first + b.last - a.first - a.last) / 2;
  let most = 0;
  for (let j = 0; j < a.sum.length; j++) most = Math.max(most, Math.abs(b.sum[j] / b.count - a.sum[j] / a.count) / T);
  return most;
}
