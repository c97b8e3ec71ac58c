import type { Seconds } from "../core/Seconds.js";

// of `staleAfter`: joint states may be silent for this share of it, and for two of their intervals, before the reflex
// stops extending the motion
const HESITATION = 0.25;

/** Age of the reflex's inputs: joint states, and other inputs without which nothing moves. */
export class InputAges {
  // by topic: stamp of the newest message of an input besides joint states
  private readonly heard = new Map<string, Seconds>();
  private measured: Seconds | undefined; // stamp of the last joint state
  private interval: Seconds = 0; // between the last two
  private news = false; // one came since the last tick
  private spoke: Seconds = -Infinity; // tick at which the newest one was found

  /**
   * @param staleAfter maximum age of joint states
   * @param needs other inputs, by topic, with their maximum age
   */
  constructor(
    private readonly staleAfter: Seconds,
    private readonly needs: Readonly<Record<string, Seconds>> = {},
  ) {}

  /** A joint state with this stamp has come. */
  observe(stamp: Seconds): void {
    const before = this.measured;
    if (stamp !== before) [this.interval, this.news] = [stamp - (before ?? stamp), true];
    this.measured = stamp;
  }

  /** Another input has come, with this stamp. */
  hear(input: string, stamp: Seconds): void {
    this.heard.set(input, stamp);
  }

  tick(now: Seconds): void {
    if (this.news) this.spoke = now;
    this.news = false;
  }

  /** Time is in doubt: counts as if nothing had come. */
  forget(): void {
    this.measured = undefined;
    this.heard.clear();
  }

  of(input: string, now: Seconds): Seconds {
    return now - ((input === "joint_states" ? this.measured : this.heard.get(input)) ?? -Infinity);
  }

  /** The first input that is too old for motion, or that never came; "" if none. */
  stale(now: Seconds): string {
    if (!(this.of("joint_states", now) <= this.staleAfter)) return "joint_states";
    for (const input in this.needs) if (!(this.of(input, now) <= this.needs[input])) return input;
    return "";
  }

  /**
   * Whether joint states have been silent so long that the link to the arm may be down in both directions. Commands
   * sent meanwhile come late too, and the controller then jumps from its fail-safe trajectory to the newest one. If the
   * motion is not extended, the jump is at most the way the arm would have gone in that time. A servo of bandwidth ω
   * swings up at ω/e times the jump. Silence counts here, not age: joint states that are always late still show that
   * the link works.
   */
  hesitate(now: Seconds): boolean {
    return now - this.spoke > Math.max(HESITATION * this.staleAfter, 2 * this.interval);
  }
}
