import type { AgentSetup } from "../setup/AgentSetup.js";
import { setupUnderTask } from "../setup/setupUnderTask.js";
import { Arrival } from "./Arrival.js";
import { monitorOf } from "./monitorOf.js";
import type { TaskSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { planLatency } from "../setup/planLatency.js";

/** Makes the check whether a task is done. */
export function arrivalOf(setup: AgentSetup, task: TaskSpec): Arrival {
  const { arm, agent } = setup;
  return new Arrival(
    monitorOf(arm, task),
    task.hold,
    setupUnderTask(setup, task.guardrails as GuardrailSpec[]).arm.limits,
    planLatency(agent.reflex),
  );
}
