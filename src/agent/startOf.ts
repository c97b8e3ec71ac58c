import type { AgentConfig } from "./setup/AgentConfig.js";
import { measuredJoints } from "../core/math/measuredJoints.js";
import type { State } from "../core/State.js";

/**
 * Where a level's plan begins in an agent whose lowest level plans with a tracking model: that level gets the commanded
 * state and the arm's deviation from it; those above plan from where the arm is. Without such a model all plan from the
 * commanded state.
 *
 * @param commanded whose q is
 * @param deviation [nq] rad, measured
 */
export function startOf(commanded: State, { levels }: AgentConfig, index: number, deviation: Float64Array): State {
  if (levels.at(-1)!.tracking === undefined) return commanded;
  const state = { ...commanded, deviation: deviation.slice() };
  return index === levels.length - 1 ? state : { ...commanded, q: measuredJoints(state) };
}
