import type { Plan } from "../../../core/Plan.js";
import type { LevelPlanMessage } from "../cdr/Plan.js";

/**
 * The plans of all levels, top to bottom, as telos_interfaces/LevelPlan. States are those after each action: latents if
 * the level has any, else joint positions. A level's subgoal is what the level above predicts for the end of its first
 * action, in joint positions.
 */
export function levelPlans(plans: readonly Plan[]): LevelPlanMessage[] {
  return plans.map((p, i) => {
    const learned = p.z.length > 0;
    return {
      level: p.level,
      dt: p.dt,
      horizon: p.H,
      actionDim: p.nu,
      actions: p.a,
      stateDim: learned ? p.z.length / (p.H + 1) : p.nq,
      states: learned ? p.z : statesOf(p),
      subgoal: i === 0 ? [] : afterFirstAction(plans[i - 1]),
      energies: p.energies,
      energy: p.energy,
      iterations: p.iterations,
      rollouts: p.rollouts,
      time: p.time,
    };
  });
}

/** Joint positions [H+1,nq]: of the knots, those between actions. */
function statesOf({ q, H, substeps, nq }: Plan): Float64Array {
  const out = new Float64Array((H + 1) * nq);
  for (let h = 0; h <= H; h++) for (let j = 0; j < nq; j++) out[h * nq + j] = q[h * substeps * nq + j];
  return out;
}

function afterFirstAction({ q, substeps, nq }: Plan): Float64Array {
  return q.slice(substeps * nq, (substeps + 1) * nq);
}
