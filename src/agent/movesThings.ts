import { goals, type TaskSpec } from "../cost/index.js";

/**
 * Whether a task's goals concern more than the arm. What the arm pushes moves as long as the arm does, so when such
 * goals hold, the arm stops as soon as possible. An arm alone ends where it was predicted to (`Arrival`).
 */
export const movesThings = ({ goal }: Pick<TaskSpec, "goal">): boolean =>
  goal.some(({ kind }) => goals.of(kind).movesThings === true);
