import type { Seconds } from "../../core/Seconds.js";
import type { AgentSetup } from "./AgentSetup.js";
import type { NeededInput } from "../NeededInput.js";

/**
 * The inputs without which nothing moves, by topic, and how old each may be: joint states always; `bodies` where a
 * people tracker is required, for whom no sensor has looked for is unknown and not absent; `wrench` where the robot's
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

/** Each with its age now. @param ages by topic; what is not there never came */
export function neededNow(
  setup: Pick<AgentSetup, "agent" | "robot">,
  ages: Readonly<Record<string, Seconds>>,
): NeededInput[] {
  return Object.entries(neededInputs(setup)).map(([name, most]) => ({ name, most, age: ages[name] ?? Infinity }));
}
