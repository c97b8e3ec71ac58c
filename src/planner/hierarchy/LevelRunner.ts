import type { Clock } from "../../core/time/Clock.js";
import type { Plan } from "../../core/Plan.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Level } from "./Level.js";

/** All that a plan is made from, but the clock: the same again gives the same plan. Plain data. */
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
  readonly sees: boolean; // it predicts by a learned model, which begins with an image
}

/**
 * One level's receding horizon: each plan is made under the newest plan of the level above, and begins with what is
 * left of the one before. For one task; the next one has a runner of its own.
 */
export class LevelRunner {
  private upper: Plan | undefined;

  /** @param last a plan made before, that the first one begins with what is left of */
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

  /** The plan before, what the next one begins with. */
  get plan(): Plan | undefined {
    return this.last;
  }

  /** Takes a plan of the level above; one that breaks a guardrail is no subgoal. */
  follow(above: Plan): void {
    if (above.feasible) this.upper = above;
  }

  /** Whether there is all that a plan from this state needs: a plan above, and an image, where the level needs them. */
  isReady({ percept }: Pick<State, "percept">): boolean {
    const { isTop, sees } = this.parts;
    return (isTop || this.upper !== undefined) && (!sees || percept !== undefined);
  }

  /**
   * The next plan. In haste it is the best of a few proposals, and kept only where it keeps the guardrails.
   * @returns it, and what it was made from
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

  /** The plan that was made from these inputs, with what the clock said meanwhile. */
  again({ from, above, warm, rng, deadline, haste }: PlanInputs, clock: Clock): Promise<Plan> {
    return this.parts.level.plan(from, above, { warm, clock, deadline, haste, rng: Rng.restore(rng) });
  }
}
