import type { GuardrailSpec } from "../../guardrails/index.js";
import type { AgentSetup } from "./AgentSetup.js";

/**
 * N, above which a touch latches: the robot's, or what a task may touch with at most, if that is less; undefined where
 * the robot feels no forces.
 */
export function contactForceCap(
  { robot }: Pick<AgentSetup, "robot">,
  task: readonly GuardrailSpec[] = [],
): number | undefined {
  const own = robot.guardrails.contact_force?.max;
  const requestedForces = task.flatMap((spec) => (spec.kind === "contact" ? [spec.config.force] : []));
  return own === undefined || requestedForces.length === 0 ? own : Math.min(own, Math.max(...requestedForces));
}
