import type { GuardrailSpec } from "../../guardrails/index.js";
import type { AgentSetup } from "./AgentSetup.js";

/**
 * N, contact force above which the arm latches: the robot's, or the task's maximum if that is less; undefined if the
 * robot has no force sensor.
 */
export function contactForceCap(
  { robot }: Pick<AgentSetup, "robot">,
  task: readonly GuardrailSpec[] = [],
): number | undefined {
  const own = robot.guardrails.contact_force?.max;
  const requestedForces = task.flatMap((spec) => (spec.kind === "contact" ? [spec.config.force] : []));
  return own === undefined || requestedForces.length === 0 ? own : Math.min(own, Math.max(...requestedForces));
}
