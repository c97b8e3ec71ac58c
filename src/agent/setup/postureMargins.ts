import { Rollouts } from "../../core/Rollouts.js";
import type { State } from "../../core/State.js";
import type { TaskSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { setupUnderTask } from "./setupUnderTask.js";

/** The margin of one guardrail. */
export interface PostureMargin {
  readonly name: string;
  readonly value: number; // kept if and only if ≥ 0
  readonly unit: string;
}

/** The margins of an arm at rest in joint positions q [nq], everything else as in a state. */
export function postureMargins(own: AgentSetup, task: TaskSpec, from: State, q: Float64Array): PostureMargin[] {
  const setup = setupUnderTask(own, task.guardrails as GuardrailSpec[]);
  const { arm } = setup;
  const sweep = new Sweep(arm);
  const r = new Rollouts({ K: 1, H: 1, substeps: 1, dt: setup.agent.reflex.period, nq: arm.nq, nc: sweep.nc });
  r.from = from;
  for (let n = 0; n < r.N; n++) r.q.set(q, n * arm.nq);
  sweep.fill(r, 1);
  const out = new Float64Array(1);
  return buildGuardrails(setup, task.guardrails as GuardrailSpec[]).map((guardrail) => {
    guardrail.margin(r, out, 1);
    return { name: guardrail.name, value: out[0], unit: guardrail.unit };
  });
}
