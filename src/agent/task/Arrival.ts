import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { Drift } from "../../guardrails/filter/Drift.js";
import type { GoalMonitor } from "./GoalMonitor.js";

const SNUG = 0.1; // tolerances: if braking would end this near to the goal, the arm comes to rest at once
// this long before the hold time is over, it comes to rest wherever the goals hold: about the time to brake and check
const EARLY: Seconds = 0.15;
const AGAIN: Seconds = 0.1; // that goals must hold before another attempt after a failed rest; doubled each time
const RESTLESS: Seconds = 1; // to come to rest in, while the goals do not hold
const STILL = 0.01; // rad/s, of an arm that rests
const LONGEST: Seconds = 1.8; // time for which noisy joints are observed

/**
 * Whether a task is done: its goals hold where the arm rests, as measured, and have held for their time. Goals that
 * hold during the motion say little about where the arm will stand, and late or new plans would lead it away again. So:
 *
 *   under way ──the goals hold, and would where braking ends──▶ comes to rest ──at rest, they hold and have for
 *   `hold`──▶ done
 *       ▲                                                            │
 *       └──────────────────── at rest, they do not hold ─────────────┘
 *
 * While the arm comes to rest and rests, it follows no plan. After every failed rest, the goals must hold for longer
 * before the next, so that the search comes nearer first.
 */
export class Arrival {
  resting = false; // no plan is to be followed
  private failures = 0; // rests at which the goals did not hold
  private since: Seconds = 0; // when it began to come to rest
  private readonly drift = new Drift(LONGEST);
  private readonly stop: { stamp: Seconds; q: Float64Array; v: Float64Array };

  /**
   * @param limits under which the arm brakes
   * @param lead s, time of steps sent ahead: until braking begins
   */
  constructor(
    readonly monitor: GoalMonitor,
    private readonly hold: Seconds,
    private readonly limits: JointLimits,
    private readonly lead: Seconds,
  ) {
    const n = limits.lo.length;
    this.stop = { stamp: 0, q: new Float64Array(n), v: new Float64Array(n) };
  }

  /**
   * Evaluates a measured state.
   * @param idle whether no sent command moves the arm
   * @returns true once the task is done
   */
  update(state: State, idle: boolean): boolean {
    const { monitor } = this;
    const held = monitor.update(state);
    if (!this.resting) {
      if (this.mayRest(state)) [this.resting, this.since] = [true, state.stamp];
      this.drift.clear();
      return false;
    }
    if (idle) this.drift.observe(state.stamp, state.q);
    else this.drift.clear();
    const still = idle && this.drift.within(STILL);
    if (monitor.error <= 1) return held && still;
    if (still || state.stamp - this.since > RESTLESS) {
      this.resting = false;
      this.failures++;
    }
    return false;
  }

  /** Failed attempts to rest at the goal, in words; "" if none. */
  get tried(): string {
    const { failures } = this;
    return failures === 0
      ? ""
      : `; the goals held during the motion, but not at rest after it, ${failures} time${failures === 1 ? "" : "s"}`;
  }

  private mayRest(state: State): boolean {
    const { monitor, hold, failures } = this;
    const holding = monitor.holding(state.stamp);
    if (!(holding >= (failures > 0 ? AGAIN * 2 ** (failures - 1) : 0))) return false;
    const there = monitor.look(this.braked(state));
    return there <= SNUG || (there <= 1 && holding >= hold - EARLY);
  }

  /**
   * Where braking from a state ends: q + v·lead + v|v|/2A, and v·A/2J more where jerk is limited; held within the
   * position limits.
   */
  private braked(state: State): State {
    const {
      stop,
      lead,
      limits: { lo, hi, acceleration, jerk },
    } = this;
    for (let j = 0; j < stop.q.length; j++) {
      const v = state.v[j];
      const way =
        v * lead +
        (v * Math.abs(v)) / (2 * acceleration[j]) +
        (jerk === undefined ? 0 : (v * acceleration[j]) / (2 * jerk[j]));
      stop.q[j] = Math.max(Math.min(lo[j], state.q[j]), Math.min(Math.max(hi[j], state.q[j]), state.q[j] + way));
    }
    return { ...state, q: stop.q, v: stop.v };
  }
}
