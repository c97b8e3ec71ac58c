import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { tightenLimits } from "../agent/setup/tightenLimits.js";
import { Arrival } from "../agent/task/Arrival.js";
import { GoalMonitor } from "../agent/task/GoalMonitor.js";
import { createGoal, type TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { planLatency } from "../agent/setup/planLatency.js";

/** Makes the check whether a task is done. */
export function arrivalOf(setup: AgentSetup, { goal, hold, guardrails }: TaskSpec): Arrival {
  const { arm, agent } = setup;
  const goals = goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits }));
  return new Arrival(
    new GoalMonitor(arm, goals, hold),
    hold,
    tightenLimits(setup, guardrails as GuardrailSpec[]).arm.limits,
    planLatency(agent.reflex),
  );
}
