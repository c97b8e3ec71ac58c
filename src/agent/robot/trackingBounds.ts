import { reachOf } from "../../kinematics/reachOf.js";
import type { TrackingBounds } from "../../memory/beliefs/TrackedBodies.js";
import type { AgentSetup } from "../setup/AgentSetup.js";

/** Bounds on tracked people and movers, from the agent's file, and the arm's reach. */
export function trackingBounds({ arm, agent }: Pick<AgentSetup, "arm" | "agent">): TrackingBounds {
  const { person, object_speed } = agent.guardrails;
  return {
    speeds: { person: person.speed, object: object_speed },
    noise: person.noise,
    reach: reachOf(arm),
    forgetAfter: person.forget_after,
  };
}
