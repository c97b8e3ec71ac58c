import type { Seconds } from "../../core/Seconds.js";
import type { AgentSetup } from "./AgentSetup.js";
import type { NeededInput } from "../NeededInput.js";

/**
 * The inputs without which nothing moves, by topic, with their maximum age: joint states always; `bodies` if a people
 * tracker is required, because a person that no sensor looked for is unknown, not absent; `wrench` if the robot's
 * contact force is bounded.
 */
export function neededInputs({ agent, robot }: Pick<AgentSetup, "agent" | "robot">): Readonly<Record<string, Seconds>> {
  const { person } = agent.guardrails;
  const { contact_force } = robot.guardrails;
  return {
    joint_states: agent.perception.stale_after,
    ...(person.required && { bodies: person.stale_after }),
    ...(contact_force && { wrench: contact_force.stale_after }),
  };
}

/** Each with its age now. @param ages by topic; a missing one never came */
export function neededNow(
  setup: Pick<AgentSetup, "agent" | "robot">,
  ages: Readonly<Record<string, Seconds>>,
): NeededInput[] {
  return Object.entries(neededInputs(setup)).map(([name, most]) => ({ name, most, age: ages[name] ?? Infinity }));
}
