/** Root mean square error compared with the standard deviation, each about the mean of its coordinate. */
export class Spread {
  private readonly by = new Map<number, { n: number; error: number; sum: number; square: number }>();

  add(key: number, said: number, truth: number): void {
    let s = this.by.get(key);
    if (s === undefined) this.by.set(key, (s = { n: 0, error: 0, sum: 0, square: 0 }));
    s.n++;
    s.error += (said - truth) ** 2;
    s.sum += truth;
    s.square += truth * truth;
  }

  summary(): { rmse: number; spread: number; ratio: number } {
    let n = 0,
      error = 0,
      spread = 0;
    for (const s of this.by.values()) {
      n += s.n;
      error += s.error;
      spread += s.square - (s.sum * s.sum) / s.n;
    }
    return { rmse: Math.sqrt(error / n), spread: Math.sqrt(spread / n), ratio: Math.sqrt(error / spread) };
  }
}
