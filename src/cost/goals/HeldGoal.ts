import { z } from "zod";
import type { KnotView } from "../KnotView.js";
import { UNMET } from "../letGo.js";
import type { GoalPlugin } from "../Plugin.js";
import { requireMovable } from "../requireMovable.js";
import type { Residual } from "../Residual.js";

const schema = z.string().min(1).describe("id of the thing that the hand must hold");

/** Plain data, which the planner of tasks reads too. */
export interface HeldGoalSpec {
  readonly object: string; // id
}

/** A thing in the hand: r = 0 if the hand is known to hold it, else 2. One block; ∂r/∂q = 0. */
export class HeldGoal implements Residual {
  readonly name = "held";
  readonly dim = 1;
  readonly blocks = [1];

  constructor(
    private readonly spec: HeldGoalSpec,
    private readonly nq: number,
  ) {}

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    r[0] = x.from.held?.id === this.spec.object ? 0 : UNMET;
    J?.fill(0, 0, this.nq);
  }
}

/** `held: cup` */
export const held: GoalPlugin<string, HeldGoalSpec> = {
  schema,
  movesThings: true,
  needsModel: true,
  needsHand: () => true,
  bind(object, context) {
    requireMovable(object, context, []);
    return { object };
  },
  create: (spec, { nq }) => new HeldGoal(spec, nq),
};
