import type { AgentConfig } from "./setup/AgentConfig.js";
import { measuredJoints } from "../core/math/measuredJoints.js";
import type { State } from "../core/State.js";

/**
 * Where a level's plan begins for an agent whose lowest level plans with how the arm follows: that level is told what
 * is commanded and by how much the arm is elsewhere; those above plan for where the arm is. Without such a model all
 * plan for what is commanded.
 *
 * @param commanded whose q is
 * @param deviation [nq] rad, measured
 */
export function startOf(commanded: State, { levels }: AgentConfig, index: number, deviation: Float64Array): State {
  if (levels.at(-1)!.tracking === undefined) return commanded;
  const state = { ...commanded, deviation: deviation.slice() };
  return index === levels.length - 1 ? state : { ...commanded, q: measuredJoints(state) };
}
