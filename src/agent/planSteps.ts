import type { Clock } from "../core/time/Clock.js";
import { Rng } from "../core/math/Rng.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { planTask } from "../planner/task/planTask.js";
import type { Refusal, TaskPlan } from "../planner/task/TaskPlan.js";
import type { AgentSetup } from "./setup/AgentSetup.js";
import { taskContext } from "./setup/taskContext.js";
import type { StepRequest } from "./task/StepRun.js";

/** What the task level plans: the same request, the same steps, unless its deadline cuts the search. */
export function planSteps(setup: AgentSetup, { number, task, state, failures }: StepRequest, clock: Clock): TaskPlan | Refusal {
  return planTask(taskContext(setup, task.guardrails as GuardrailSpec[]), {
    state,
    goals: task.goal,
    failures,
    clock,
    deadline: clock.now() + setup.agent.planner!.deadline,
    rng: new Rng(number),
  });
}
