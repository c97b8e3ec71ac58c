import type { JointLimits } from "../../../core/JointLimits.js";
import type { Plan } from "../../../core/Plan.js";
import type { Seconds } from "../../../core/Seconds.js";
import type { State } from "../../../core/State.js";
import type { CostTerm } from "../../../cost/CostTerm.js";
import type { LearnedSpace } from "../../../cost/index.js";

/** The task of a level from the level above: its plan, as a cost. */
export interface Subgoal extends CostTerm {
  /** Takes another plan of the level above, for plans of this level that begin in a state. */
  aim(above: Plan, from: State): void;
}

/** A kind of subgoal, named by `subgoal` of a level in an agent file. */
export interface SubgoalKind {
  readonly describe: string; // what it asks for
  readonly learned?: boolean; // both levels must predict by the same learned model
  /** @param space of that model */
  make(context: { readonly limits: JointLimits; readonly space: LearnedSpace | undefined }): Subgoal;
}

/** The first step of a plan not before time t, or its last. */
export const stepAt = ({ stamp, dt, H }: Plan, t: Seconds): number =>
  Math.max(0, Math.min(H, Math.ceil((t - stamp) / dt - 1e-9)));
