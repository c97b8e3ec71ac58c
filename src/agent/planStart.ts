import type { AgentConfig } from "./setup/AgentConfig.js";
import type { JointLimits } from "../core/JointLimits.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { startState, type Commanded } from "../reflex/startState.js";
import { startOf } from "./startOf.js";

export interface PlanStart {
  readonly agent: AgentConfig;
  readonly index: number; // of the level
  readonly commanded: Commanded | undefined; // now; absent: the plan begins where the arm is measured
  readonly along: Plan | undefined; // that the arm follows
  readonly limits: JointLimits;
  readonly deviation: Float64Array; // [nq] rad, measured joints less commanded ones
}

/**
 * The state in which a level's plan begins at a given time: present beliefs about the world, and the arm where its
 * commands will have brought it.
 */
export function planStart(now: State, at: Seconds, o: PlanStart): State {
  const q = now.q.slice();
  const v = now.v.slice();
  if (o.commanded !== undefined) startState(q, v, o.commanded, o.along, o.limits, at);
  return startOf({ ...now, stamp: at, q, v }, o.agent, o.index, o.deviation);
}
