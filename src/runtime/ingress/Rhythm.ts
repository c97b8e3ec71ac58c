import type { Seconds } from "../../core/Seconds.js";
import { words } from "../mayReset.js";
import type { NeededInput } from "../../agent/NeededInput.js";

const KEPT = 8; // messages kept
const LATELY: Seconds = 3; // only messages of this time count

/**
 * How often a needed input comes, and how far its stamps lie behind the clock. An input that comes too seldom or on
 * another clock looks silent if only its age is checked.
 */
export class Rhythm {
  private readonly heard: { readonly at: Seconds; readonly behind: Seconds }[] = []; // oldest first

  /** A message that was accepted. */
  hear(stamp: Seconds, now: Seconds): void {
    const { heard } = this;
    if (heard.length > 0 && !(now >= heard[heard.length - 1].at)) heard.length = 0; // the clock went back
    heard.push({ at: now, behind: now - stamp });
    if (heard.length > KEPT) heard.shift();
  }

  /** What is wrong with it, in words; "" if nothing, or if too few messages came lately to say. */
  trouble({ name, most }: Pick<NeededInput, "name" | "most">, now: Seconds): string {
    const heard = this.heard.filter(({ at }) => now - at <= LATELY);
    if (heard.length < 3) return "";
    const behind = heard.map((h) => h.behind).sort((a, b) => a - b)[heard.length >> 1];
    if (!(behind <= most))
      return (
        `${words(name)} are stamped ${behind.toFixed(2)} s behind the clock, want at most ${most} s: their ` +
        "publisher uses another clock, or they come late"
      );
    const interval = (heard[heard.length - 1].at - heard[0].at) / (heard.length - 1);
    return interval <= most
      ? ""
      : `${words(name)} come at ${(1 / interval).toFixed(1)} Hz, want more than ${(1 / most).toFixed(0)} Hz: the ` +
          "arm brakes between messages";
  }
}
