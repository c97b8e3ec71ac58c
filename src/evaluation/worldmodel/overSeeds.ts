/**
 * The mean over models that differ only by their seed, and half the width of its 95 % interval. NaN if there are too
 * few.
 */
export interface OverSeeds {
  readonly n: number;
  readonly mean: number;
  readonly half: number;
}

// 97.5 % quantiles of Student's t, 1 to 9 degrees of freedom
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * Student's interval of a mean, x̄ ± t s/√n. For more than ten values the t of ten is used, which makes it slightly too
 * wide. Values that are not numbers are left out.
 */
export function overSeeds(values: readonly number[]): OverSeeds {
  const known = values.filter(Number.isFinite),
    n = known.length;
  const mean = known.reduce((sum, x) => sum + x, 0) / n;
  const variance = known.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return { n, mean, half: n > 1 ? T[Math.min(n - 2, T.length - 1)] * Math.sqrt(variance / n) : NaN };
}
