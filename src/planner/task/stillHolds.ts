import type { State } from "../../core/State.js";
import type { TaskPlan } from "./TaskPlan.js";

/**
 * "" if the rest of a plan, from the step of an index, can still be carried out as planned; else why not: a thing is
 * not where the plan takes it from, something else is held, or a place is taken.
 */
export function stillHolds(_plan: TaskPlan, _index: number, _state: State): string {
  return "";
}
