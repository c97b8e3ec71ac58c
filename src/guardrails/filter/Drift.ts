import type { Seconds } from "../../core/Seconds.js";

const BIN: Seconds = 0.005; // faster measurements are averaged
const SHORTEST: Seconds = 0.1; // window
const GROWTH = 1.5; // from one window to the next
const LEAST = 5; // bins in a window
const SURE = 4; // standard errors, for many bins
const SPREAD = 0.006; // rad, rms about the line: more is an oscillation, not noise

interface Bin {
  count: number;
  readonly first: Seconds;
  stamp: Seconds; // mean
  readonly q: Float64Array; // [nq] rad, mean
}

/**
 * How fast joints drift, estimated through the noise of their sensors. A line is fitted to each joint's positions over
 * the last T. With n positions, residuals of rms s and of correlation ρ from one to the next, its slope b has the
 * standard error
 *
 *     e = s/T · √(12/n · (1 + ρ)/(1 − ρ))
 *
 * The arm is within a speed u if for one T of 0.1, 0.15, 0.225 … s every joint has |b| + k e ≤ u and s ≤ 6 mrad, with
 * k = 4 √(1 + 8/(n − 2)), because few residuals give s badly. Slow motion in noise needs a longer T; an arm at rest is
 * recognised in the shortest. Slow oscillations have ρ near 1.
 */
export class Drift {
  private bins: Bin[] = []; // oldest first

  /** @param longest window */
  constructor(private readonly longest: Seconds) {}

  /** Forgets all measurements. */
  clear(): void {
    this.bins = [];
  }

  /** Takes a measurement. If its stamp does not rise, earlier ones are forgotten. @param q [nq] rad */
  observe(stamp: Seconds, q: ArrayLike<number>): void {
    const { bins } = this,
      last = bins.at(-1);
    if (last !== undefined && !(stamp >= last.stamp)) this.clear();
    else if (last !== undefined && stamp - last.first < BIN - 1e-6) {
      const n = ++last.count;
      last.stamp += (stamp - last.stamp) / n;
      for (let j = 0; j < q.length; j++) last.q[j] += (q[j] - last.q[j]) / n;
      return;
    }
    this.bins.push({ count: 1, first: stamp, stamp, q: Float64Array.from(q) });
    if (stamp - this.bins[0].stamp > 2 * this.longest)
      this.bins = this.bins.filter((b) => b.stamp >= stamp - this.longest - BIN);
  }

  /** Whether no joint drifts faster. @param speed u, rad/s */
  within(speed: number): boolean {
    const { bins } = this;
    for (let T = SHORTEST; T <= this.longest; T *= GROWTH) {
      const end = bins.length > 0 ? bins[bins.length - 1].stamp : NaN,
        from = bins.findLastIndex((b) => b.stamp <= end - T + BIN + 1e-6);
      if (from < 0) return false;
      if (bins.length - from >= LEAST && this.fits(from, speed)) return true;
    }
    return false;
  }

  private fits(from: number, speed: number): boolean {
    const { bins } = this,
      n = bins.length - from,
      k = SURE * Math.sqrt(1 + 8 / (n - 2));
    let middle = 0,
      moment = 0;
    for (let i = from; i < bins.length; i++) middle += (bins[i].stamp - bins[from].stamp) / n;
    for (let i = from; i < bins.length; i++) moment += (bins[i].stamp - bins[from].stamp - middle) ** 2;
    for (let j = 0; j < bins[from].q.length; j++) {
      let mean = 0,
        slope = 0,
        squares = 0,
        steps = 0,
        before = NaN;
      for (let i = from; i < bins.length; i++) mean += bins[i].q[j] / n;
      for (let i = from; i < bins.length; i++)
        slope += ((bins[i].stamp - bins[from].stamp - middle) * (bins[i].q[j] - mean)) / moment;
      for (let i = from; i < bins.length; i++) {
        const r = bins[i].q[j] - mean - slope * (bins[i].stamp - bins[from].stamp - middle);
        squares += r * r;
        if (i > from) steps += (r - before) ** 2;
        before = r;
      }
      const s2 = squares / (n - 2),
        rho = Math.max(0, Math.min(0.99, 1 - steps / (n - 1) / ((2 * squares) / n)));
      const error = squares > 0 ? Math.sqrt((s2 / moment) * ((1 + rho) / (1 - rho))) : 0;
      if (!(Math.abs(slope) + k * error <= speed && s2 <= SPREAD * SPREAD)) return false;
    }
    return true;
  }
}
