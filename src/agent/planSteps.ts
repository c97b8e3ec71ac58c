import type { Clock } from "../core/time/Clock.js";
import { Rng } from "../core/math/Rng.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { levelKinds } from "../planner/hierarchy/levelKinds.js";
import { isRefusal, type RefusalCode, type TaskPlan } from "../planner/task/TaskPlan.js";
import type { TaskCode } from "./AgentPort.js";
import type { AgentSetup } from "./setup/AgentSetup.js";
import { postureCheck } from "./setup/postureCheck.js";
import { releaseHeight } from "./setup/releaseHeight.js";
import type { StepEnd, StepRequest } from "./task/StepRun.js";

const CODES: Partial<Record<RefusalCode, TaskCode>> = {
  NO_HAND: "INVALID_TASK",
  UNKNOWN_GOAL: "INVALID_TASK",
  UNKNOWN_THING: "UNKNOWN_OBJECT",
};

/**
 * What the task level plans: the same request, the same steps, unless the deadline cuts the search.
 * @returns the plan, or how the task ends because there is none
 */
export function planSteps(
  setup: AgentSetup,
  { number, task, state, failures }: StepRequest,
  clock: Clock,
): TaskPlan | StepEnd {
  const { arm, robot, agent, fixed, fixedIds = [], fixedThings = [] } = setup,
    level = agent.planner!;
  const plan = levelKinds.of(level.model).planner!(level as never, {
    arm,
    fixed,
    fixedIds,
    fixedThings,
    clearance: agent.guardrails.clearance,
    releaseHeight: releaseHeight(setup, task.guardrails as GuardrailSpec[]),
    payload: robot.guardrails.payload?.mass,
    posture: (rules) =>
      postureCheck(setup, [...(task.guardrails as GuardrailSpec[]), ...rules], { ...state, bodies: [] }),
  });
  const answer = plan({
    state,
    goals: task.goal,
    guardrails: task.guardrails as GuardrailSpec[],
    failures,
    clock,
    deadline: clock.now() + level.deadline,
    rng: new Rng(number),
  });
  return isRefusal(answer) ? { code: CODES[answer.code] ?? "NO_PLAN", message: answer.why } : answer;
}
