import type { GuardrailSpec } from "../../guardrails/index.js";
import { armHolding } from "../../kinematics/armHolding.js";
import type { AgentSetup } from "./AgentSetup.js";
import { tightenLimits } from "./tightenLimits.js";

/**
 * The setup under a task's guardrails, as every thread makes it: its arm holds what `holding` says, and its joint
 * limits are tightened. The same setup if nothing is held and nothing tightens. Not to be called with its own result.
 *
 * @throws RangeError if two things are held, or one that no capsules can enclose
 */
export function setupUnderTask(setup: AgentSetup, task: readonly GuardrailSpec[] = []): AgentSetup {
  let under = setup;
  for (const spec of task) if (spec.kind === "holding") under = { ...under, arm: armHolding(under.arm, spec.config) };
  return tightenLimits(under, task);
}
