import { buildGuardrails } from "../agent/setup/buildGuardrails.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { restingState } from "../core/restingState.js";
import { Sweep } from "../kinematics/Sweep.js";
import { freeSegment } from "../planner/freeSegment.js";

/** Whether the agent's guardrails admit an arm at rest at q [nq], rad, when no person is near. */
export function admittedPosture(setup: AgentSetup): (q: Float64Array) => boolean {
  const { arm } = setup;
  const still = restingState(arm.home);
  const free = freeSegment(arm, new Sweep(arm), buildGuardrails(setup), {
    from: () => still,
    pace: () => 1,
    latency: 0,
  });
  return (q) => free(q, q);
}
