import type { ReflexReport } from "./ReflexReport.js";

/** Why an active arm does not move: somebody else moves it, or it has not settled. */
export const NOT_AT_REST = "not_at_rest";

/** What stopped the arm, to report; "" while it may move, whatever stopped it before. */
export const stopCause = ({ state, by }: Pick<ReflexReport, "state" | "by">): string =>
  state.mode === "active" && by !== NOT_AT_REST ? "" : by;
