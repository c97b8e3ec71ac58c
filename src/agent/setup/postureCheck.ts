import { Rollouts } from "../../core/Rollouts.js";
import type { State } from "../../core/State.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import type { PostureCheck } from "../../planner/task/TaskContext.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { setupUnderTask } from "./setupUnderTask.js";

/** Evaluates the guardrails of an arm at rest, everything else as in a state: made once for many postures. */
export function postureCheck(own: AgentSetup, rules: readonly GuardrailSpec[], from: State): PostureCheck {
  const setup = setupUnderTask(own, rules),
    { arm, agent } = setup,
    sweep = new Sweep(arm),
    guardrails = buildGuardrails(setup, rules),
    r = new Rollouts({ K: 1, H: 1, substeps: 1, dt: agent.reflex.period, nq: arm.nq, nc: sweep.nc }),
    out = new Float64Array(1);
  r.from = from;
  return (q) => {
    for (let n = 0; n < r.N; n++) r.q.set(q, n * arm.nq);
    sweep.fill(r, 1);
    let worst = { name: "", value: Infinity };
    for (const guardrail of guardrails) {
      guardrail.margin(r, out, 1);
      if (!(out[0] >= worst.value)) worst = { name: guardrail.name, value: out[0] };
    }
    return worst;
  };
}
