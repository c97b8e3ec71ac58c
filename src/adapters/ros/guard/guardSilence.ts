import type { ReflexReport } from "../../../reflex/ReflexReport.js";

/**
 * In words, that a separate guard is silent and what it was latched by: no reset can be served then. "" if it reports.
 * @param last its last report; undefined: none came
 */
export function guardSilence(guard: string, last: ReflexReport | undefined, silent: boolean): string {
  if (last === undefined) return `no message from ${guard} yet`;
  if (!silent) return "";
  return (
    `${guard} is silent: nothing moves until it ` +
    "reports again" +
    (last.state.next === "latched"
      ? `; its last report was latched by ${last.by}, which lasts until a person resets it`
      : "")
  );
}
