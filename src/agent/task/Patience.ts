import type { Obstruction, Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";

const HOPELESS: Seconds = 5; // without an admissible plan, after which a task is given up

/**
 * How long a task goes on without an admissible plan: a while, and as long as only people are in the way, because they
 * may leave.
 */
export class Patience {
  private obstruction: Obstruction | undefined;
  private top: Plan | undefined;
  // when the top level last planned, with any result: no plan at all means a busy machine, and is no reason to give up
  private planned: Seconds;

  /** @param hopeful when there was last an admissible plan, or one that only people barred */
  constructor(private hopeful: Seconds) {
    this.planned = hopeful;
  }

  /** @param plans the newest of each level, top to bottom; the top level decides what is possible */
  plan(plans: readonly (Plan | undefined)[], now: Seconds): void {
    if (plans[0] !== this.top) [this.top, this.planned] = [plans[0], now];
    this.obstruction = plans.find((p) => p?.obstruction !== undefined)?.obstruction;
    if (plans[0]?.feasible || plans[0]?.obstruction?.people) this.hopeful = now;
  }

  /** Whom the arm waits for, in words; "" if it does not. */
  get waiting(): string {
    const { obstruction: o } = this;
    return o?.people ? `waiting for ${o.who || "people"} (${o.by})` : "";
  }

  /** Why the task is given up; "" as long as it is not. */
  get spent(): string {
    const { obstruction: o } = this;
    if (!(this.planned - this.hopeful > HOPELESS)) return "";
    return (
      `no admissible plan for ${HOPELESS} s` +
      (o === undefined
        ? ""
        : `: ${o.by}${o.who && ` (${o.who})`} is violated by ${(-o.margin).toPrecision(2)} ${o.unit}`)
    );
  }
}
