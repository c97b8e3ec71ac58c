import {
  createGoal,
  goals as kinds,
  LearnedTerms,
  ResidualCost,
  type CreateContext,
  type EnergyConfig,
  type GoalSpec,
  type LearnedSpace,
} from "../../cost/index.js";
import type { WeightedCost } from "../../planner/Objective.js";

/**
 * Goals as the energy of a level with a learned model. Each kind defines its own term (`GoalPlugin.learned`); any other
 * is the same cost as at every level.
 */
export function goalTerms(
  goals: readonly GoalSpec[],
  energy: EnergyConfig,
  space: LearnedSpace,
  context: CreateContext,
): readonly WeightedCost[] {
  const { running, terminal } = energy;
  const terms = new LearnedTerms(energy, space);
  for (const { kind, spec } of goals) {
    const goal = kinds.of(kind);
    if (goal.learned !== undefined) goal.learned(spec, terms);
    else terms.add(new ResidualCost(createGoal({ kind, spec }, context), { running, terminal }), 1);
  }
  return terms.weighted;
}
