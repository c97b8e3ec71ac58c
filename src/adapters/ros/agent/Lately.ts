import type { Seconds } from "../../../core/Seconds.js";

/** Recent growth of counters: a single fault is reported for a while, and not for ever. */
export class Lately {
  private readonly looks = new Map<string, (readonly [at: Seconds, count: number])[]>();

  /** @param window over which growth counts */
  constructor(private readonly window: Seconds) {}

  /**
   * Growth of a counter within the window, by its readings; all of it at the first reading. A counter that was
   * restarted has grown by its value.
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
