import type { State } from "../../core/State.js";
import { optionAt } from "./optionAt.js";
import type { Place, TaskPlan } from "./TaskPlan.js";

export const ASTRAY = 0.03; // m, by which a thing may be beside where the plan has it
const CARRIED = ["lift", "carry", "lower"]; // steps in which the thing is in the hand

/**
 * "" if the rest of a plan, from the step of an index, can still be carried out as planned; else why not: a thing is
 * not where the plan takes it from or puts others beside, or something else is in the hand.
 */
export function stillHolds(plan: TaskPlan, index: number, { objects, held }: State): string {
  const at = optionAt(plan, index);
  if (at === undefined) return "";
  const { option } = at,
    { name } = plan.steps[index];
  if (CARRIED.includes(name) && held?.id !== option.thing)
    return held === undefined
      ? `${option.thing} is no longer in the hand`
      : `${held.id} is in the hand, not ${option.thing}`;
  if (name !== "close" && name !== "open" && !CARRIED.includes(name) && held !== undefined && option.kind !== "reach")
    return name === "retreat" ? "" : `${held.id} is in the hand already`;
  for (const [id, place] of Object.entries(option.before)) {
    const now = objects.get(id);
    if (now === undefined || id === held?.id || (id === option.thing && option.kind === "grasp" && name !== "approach"))
      continue;
    const off = distance(now.position, place);
    if (off > ASTRAY) return `${id} is ${(100 * off).toFixed(0)} cm from where the plan has it`;
  }
  return "";
}

export const distance = (a: readonly number[], { position: b }: Place): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
