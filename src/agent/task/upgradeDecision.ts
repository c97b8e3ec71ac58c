import type { Plan } from "../../core/Plan.js";
import type { State } from "../../core/State.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import type { Decision } from "./Decision.js";

/** Former names in a plan: its substeps `sub`, the predicted objects `foreseen`. */
type OldPlan = Plan & { readonly sub?: number; readonly foreseen?: Plan["predicted"] };
/** The latent and its joints were stored beside the state. */
type OldState = State & { readonly z?: Float32Array; readonly zq?: Float64Array };

/** A decision in today's form, from one in a recording by an earlier version. */
export function upgradeDecision(decision: Decision): Decision {
  if (decision.kind === "task") return { ...decision, setup: upgradeSetup(decision.setup) };
  return {
    ...decision,
    plan: upgradePlan(decision.plan),
    above: decision.above && upgradePlan(decision.above),
    warm: decision.warm && upgradePlan(decision.warm),
    from: upgradeState(decision.from),
  };
}

function upgradePlan(plan: OldPlan): Plan {
  if (plan.sub === undefined) return plan;
  const { sub: substeps, foreseen: predicted, ...rest } = plan;
  return { ...rest, substeps, predicted };
}

function upgradeState(state: OldState): State {
  const { z, zq, ...rest } = state;
  return z === undefined || z.length === 0 ? rest : { ...rest, percept: { z, q: zq ?? rest.q } };
}

/** Levels had only the subgoal path, and agents no plugins. */
function upgradeSetup(setup: AgentSetup): AgentSetup {
  const levels = setup.agent.levels.map((level) => ({ ...level, subgoal: level.subgoal ?? "path" }));
  return { ...setup, agent: { ...setup.agent, levels, plugins: setup.agent.plugins ?? [] } };
}
