const TURN = 2 * Math.PI;

/**
 * Of the angles x + 2πk within [lo, hi] the one nearest to `to`, rad; x if none lies there. If x is the nearest, it is
 * returned bit for bit.
 */
export function nearestTurn(x: number, to: number, lo = -Infinity, hi = Infinity): number {
  const least = Math.ceil((lo - x) / TURN),
    most = Math.floor((hi - x) / TURN);
  return least > most ? x : x + TURN * Math.max(least, Math.min(most, Math.round((to - x) / TURN)));
}
