const TURN = 2 * Math.PI;
const STRAY = 0.5; // rad beyond a limit: so little is no wrong unit

/**
 * What an angle outside [lo, hi] may have been meant as, as a question to the reader of the refusal: "a turn off?",
 * "degrees?", "servo ticks?"; "" if nothing fits.
 */
export function guessUnit(x: number, lo: number, hi: number): string {
  const within = (y: number): boolean => y >= lo && y <= hi;
  if (x > lo - STRAY && x < hi + STRAY) return "";
  if (within(x - TURN) || within(x + TURN)) return "a turn off?";
  if (Math.abs(x) <= 360 && within((x * Math.PI) / 180)) return "degrees?";
  return Math.abs(x) > 50 && Number.isInteger(x) ? "servo ticks?" : "";
}
