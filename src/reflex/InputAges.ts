import type { Seconds } from "../core/Seconds.js";

// of `staleAfter`: for so long, and for two of their intervals, joint states may keep silent before the arm is led on
// no more
const HESITATION = 0.25;

/** How old what the reflex is told is: joint states, and other inputs without which nothing moves. */
export class InputAges {
  // by topic: the instant of which an input besides joint states last spoke
  private readonly heard = new Map<string, Seconds>();
  private measured: Seconds | undefined; // stamp of the last joint state
  private interval: Seconds = 0; // between the last two
  private news = false; // one came since the last tick
  private spoke: Seconds = -Infinity; // the tick that found one

  /**
   * @param staleAfter of joint states
   * @param needs other inputs, by topic, and how old they may be
   */
  constructor(
    private readonly staleAfter: Seconds,
    private readonly needs: Readonly<Record<string, Seconds>> = {},
  ) {}

  /** A joint state of that instant. */
  observe(stamp: Seconds): void {
    const before = this.measured;
    if (stamp !== before) [this.interval, this.news] = [stamp - (before ?? stamp), true];
    this.measured = stamp;
  }

  /** Another input has told of the world as it was at `stamp`. */
  hear(input: string, stamp: Seconds): void {
    this.heard.set(input, stamp);
  }

  tick(now: Seconds): void {
    if (this.news) this.spoke = now;
    this.news = false;
  }

  /** Time is in doubt: nothing was heard. */
  forget(): void {
    this.measured = undefined;
    this.heard.clear();
  }

  of(input: string, now: Seconds): Seconds {
    return now - ((input === "joint_states" ? this.measured : this.heard.get(input)) ?? -Infinity);
  }

  /** The first input that is too old for motion, or has never come; "" if none. */
  stale(now: Seconds): string {
    if (!(this.of("joint_states", now) <= this.staleAfter)) return "joint_states";
    for (const input in this.needs) if (!(this.of(input, now) <= this.needs[input])) return input;
    return "";
  }

  /**
   * Whether joint states have been silent for so long that the way to the arm may be closed, in both directions: what
   * is sent meanwhile comes late too, and the controller then leaps from the fail-safe trajectory that it is on to the
   * one sent last. An arm that is not led on leaps no farther than it would have gone in that time; a servo of
   * bandwidth ω swings up at ω/e times the leap. It is silence that counts, not age: what always comes late comes.
   */
  hesitate(now: Seconds): boolean {
    return now - this.spoke > Math.max(HESITATION * this.staleAfter, 2 * this.interval);
  }
}
