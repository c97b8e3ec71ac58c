/** A share with its interval, each in [0, 1]. */
export interface Share {
  readonly successes: number;
  readonly trials: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.959963984540054; // 97.5 % quantile of the standard normal

/**
 * Wilson's 95 % interval of a binomial share (Wilson 1927): the p with |p̂ − p| ≤ z √(p(1 − p)/n),
 *
 *     (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * @throws RangeError unless 0 ≤ successes ≤ trials, both whole
 */
export function wilson(successes: number, trials: number): Share {
  if (!(Number.isSafeInteger(successes) && Number.isSafeInteger(trials) && successes >= 0 && successes <= trials))
    throw new RangeError(
      `got ${successes} successes of ${trials} trials, want whole numbers with 0 ≤ successes ≤ trials`,
    );
  if (trials === 0) return { successes, trials, share: NaN, low: 0, high: 1 };
  const p = successes / trials;
  const z2 = (Z * Z) / trials;
  const middle = p + z2 / 2;
  const half = Z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials));
  return {
    successes,
    trials,
    share: p,
    low: Math.max(0, Math.min(p, (middle - half) / (1 + z2))),
    high: Math.min(1, Math.max(p, (middle + half) / (1 + z2))),
  }; // at 0 and 1, rounding could leave the share outside its interval
}
