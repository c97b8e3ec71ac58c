import { goals, type TaskSpec } from "../cost/index.js";

/**
 * Whether a task's goals are of more than the arm: what it pushes goes on as long as the arm does, so where such goals
 * hold it stops as soon as it can. An arm alone ends where it was evaluated to (`Arrival`).
 */
export const movesThings = ({ goal }: Pick<TaskSpec, "goal">): boolean =>
  goal.some(({ kind }) => goals.of(kind).movesThings === true);
