import type { Body } from "../core/Body.js";
import type { Seconds } from "../core/Seconds.js";
import { segmentDistance } from "../core/geometry/segmentDistance.js";
import { maxGripForce } from "../guardrails/margins/maxGripForce.js";
import type { AgentSetup } from "./setup/AgentSetup.js";

const NEAR = 0.15; // m, of the tool to what may get between the pads
const SOON: Seconds = 0.5; // in which a hand closes

/**
 * The greatest force with which the hand may close now, N: the gripper's own, and what the people bear who may come
 * between its pads, wherever they may have gone unseen. A part without a declared region counts as a hand: whoever
 * reaches there does so with it.
 *
 * @param tool [12] its pose in the base frame, m
 */
export function gripForceCap(
  { arm, agent }: Pick<AgentSetup, "arm" | "agent">,
  tool: Float64Array,
  bodies: readonly Body[],
  now: Seconds,
): number {
  const { noise, regions } = agent.guardrails.person;
  const at = Float64Array.of(tool[3], tool[7], tool[11], tool[3], tool[7], tool[11]),
    distance = new Float64Array(1);
  const near = bodies.filter(({ p0, p1, radius, speedBound, stamp }) => {
    segmentDistance(distance, at, 0, Float64Array.of(...p0, ...p1), 0);
    return !(distance[0] - radius - noise - speedBound * (Math.max(0, now - stamp) + SOON) > NEAR);
  });
  return Math.min(arm.gripper?.force ?? 0, maxGripForce(near.map(({ id }) => regions[id] ?? "hand")));
}
