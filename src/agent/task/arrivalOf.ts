import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { tightenLimits } from "../agent/setup/tightenLimits.js";
import { Arrival } from "../agent/task/Arrival.js";
import { monitorOf } from "../agent/task/monitorOf.js";
import type { TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { planLatency } from "../agent/setup/planLatency.js";

/** Makes the check whether a task is done. */
export function arrivalOf(setup: AgentSetup, task: TaskSpec): Arrival {
  const { arm, agent } = setup;
  return new Arrival(
    monitorOf(arm, task),
    task.hold,
    tightenLimits(setup, task.guardrails as GuardrailSpec[]).arm.limits,
    planLatency(agent.reflex),
  );
}
