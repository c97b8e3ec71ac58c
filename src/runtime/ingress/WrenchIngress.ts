import type { Seconds } from "../../core/Seconds.js";

const FUTURE: Seconds = 0.02; // a stamp may be ahead of the clock: two hosts, or an estimate of simulated time
const JUMP_BACK: Seconds = 0.1;

/**
 * The rules by which a force sensor's sample enters: all numbers finite, each stamp once, rising, not in the future; an
 * old one counts only if the clock went back with it.
 */
export class WrenchIngress {
  stamp: Seconds = -Infinity; // of the last sample taken

  /**
   * @param wrench [6] force in N, torque in N·m.
   * @returns why it is refused, "" if accepted, "duplicate" for one already seen
   */
  take(stamp: Seconds, wrench: ArrayLike<number>, now: Seconds): string {
    if (!Number.isFinite(stamp)) return `got stamp ${stamp}`;
    if (stamp === this.stamp) return "duplicate";
    if (!(stamp <= now + FUTURE)) return `got a stamp ${(stamp - now).toFixed(3)} s ahead of the clock`;
    if (stamp < this.stamp && !(now < this.stamp - JUMP_BACK))
      return `got a stamp ${(this.stamp - stamp).toFixed(3)} s older than the last`;
    for (let i = 0; i < 6; i++)
      if (!Number.isFinite(wrench[i])) return `got ${wrench[i]} ${i < 3 ? "N" : "N·m"}, want finite numbers`;
    this.stamp = stamp;
    return "";
  }
}
