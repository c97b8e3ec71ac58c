import type { Seconds } from "../../../core/Seconds.js";

/** By how much counters grew of late, so that what was wrong once is told for a while and not for ever. */
export class Lately {
  private readonly looks = new Map<string, (readonly [at: Seconds, count: number])[]>();

  /** @param window over which they are looked at */
  constructor(private readonly window: Seconds) {}

  /**
   * How much a counter has grown within the window, by the looks at it; all of it at the first. One that began anew has
   * grown by what it is.
   */
  grown(counter: string, count: number, now: Seconds): number {
    const looks = this.looks.get(counter) ?? [[-Infinity, 0]];
    const last = looks.at(-1)![1];
    if (count < last) looks.splice(0, looks.length, [-Infinity, 0]);
    looks.push([now, count]);
    while (looks.length > 1 && looks[1][0] <= now - this.window) looks.shift();
    this.looks.set(counter, looks);
    return count - looks[0][1];
  }
}
