import type { Clock } from "../../core/time/Clock.js";
import type { Plan } from "../../core/Plan.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Level } from "./Level.js";

/** All inputs of a plan but the clock: the same inputs give the same plan. Plain data. */
export interface PlanInputs {
  readonly from: State;
  readonly above: Plan | undefined;
  readonly warm: Plan | undefined;
  readonly rng: readonly number[]; // its state before
  readonly deadline: Seconds;
  readonly haste?: boolean;
}

export interface LevelRunnerParts {
  readonly level: Level;
  readonly rng: Rng;
  readonly isTop: boolean; // no level is above it
  readonly sees: boolean; // it predicts by a learned model, which starts from an image
}

/**
 * One level's receding horizon: each plan is made under the newest plan of the level above, and starts from the rest of
 * the plan before. A runner serves one task.
 */
export class LevelRunner {
  private upper: Plan | undefined;

  /** @param last an earlier plan, whose rest the first plan starts from */
  constructor(
    private readonly parts: LevelRunnerParts,
    private last?: Plan,
  ) {}

  get sees(): boolean {
    return this.parts.sees;
  }

  /** The newest plan of the level above that keeps the guardrails. */
  get above(): Plan | undefined {
    return this.upper;
  }

  /** The plan before, from which the next one starts. */
  get plan(): Plan | undefined {
    return this.last;
  }

  /** Takes a plan of the level above. One that breaks a guardrail is no subgoal. */
  follow(above: Plan): void {
    if (above.feasible) this.upper = above;
  }

  /** Whether all that a plan from this state needs is there: a plan above, and an image, if the level needs them. */
  isReady({ percept }: Pick<State, "percept">): boolean {
    const { isTop, sees } = this.parts;
    return (isTop || this.upper !== undefined) && (!sees || percept !== undefined);
  }

  /**
   * The next plan. In haste it is the best of a few initial guesses, and kept only if it keeps the guardrails.
   * @returns the plan and its inputs
   */
  async replan(
    from: State,
    { clock, deadline, haste }: { readonly clock: Clock; readonly deadline: Seconds; readonly haste?: boolean },
  ): Promise<{ readonly plan: Plan; readonly inputs: PlanInputs }> {
    const { level, rng } = this.parts;
    const { upper: above, last: warm } = this;
    const inputs = { from, above, warm, rng: rng.save(), deadline, haste };
    const plan = await level.plan(from, above, { warm, clock, deadline, haste, rng });
    if (haste !== true || plan.feasible) this.last = plan;
    return { plan, inputs };
  }

  /** The plan of these inputs, with recorded clock readings. */
  again({ from, above, warm, rng, deadline, haste }: PlanInputs, clock: Clock): Promise<Plan> {
    return this.parts.level.plan(from, above, { warm, clock, deadline, haste, rng: Rng.restore(rng) });
  }
}
