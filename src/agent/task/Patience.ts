import type { Obstruction, Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";

const HOPELESS: Seconds = 5; // without an admissible plan, after which a task is given up

/**
 * How long a task goes on without an admissible plan: a while, and as long as people alone are in the way, for they may
 * leave.
 */
export class Patience {
  private obstruction: Obstruction | undefined;
  private top: Plan | undefined;
  // when the top level last did, whatever came of it: none at all is a busy machine, and no reason to give up
  private planned: Seconds;

  /** @param hopeful when there was last a plan that may be, or would be but for people */
  constructor(private hopeful: Seconds) {
    this.planned = hopeful;
  }

  /** @param plans the newest of each level, top to bottom: what the top one can do is what can be done */
  plan(plans: readonly (Plan | undefined)[], now: Seconds): void {
    if (plans[0] !== this.top) [this.top, this.planned] = [plans[0], now];
    this.obstruction = plans.find((p) => p?.obstruction !== undefined)?.obstruction;
    if (plans[0]?.feasible || plans[0]?.obstruction?.people) this.hopeful = now;
  }

  /** For whom the arm waits, in words; "" where it does not. */
  get waiting(): string {
    const { obstruction: o } = this;
    return o?.people ? `waiting for ${o.who || "people"} (${o.by})` : "";
  }

  /** Why the task is given up, "" as long as it is not. */
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
