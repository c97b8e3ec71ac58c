import type { ReflexReport } from "../../../reflex/ReflexReport.js";

/**
 * In words, that a guard which runs apart does not speak, and what it had latched by: so no reset of it can be served.
 * "" where it speaks.
 * @param last what it reported last; undefined: nothing ever
 */
export function guardSilence(guard: string, last: ReflexReport | undefined, silent: boolean): string {
  if (last === undefined) return `nothing has been heard of ${guard} yet`;
  if (!silent) return "";
  return (
    `${guard} is silent: nothing moves before it ` +
    "speaks" +
    (last.state.next === "latched"
      ? `; when it last spoke it was latched by ${last.by}, which it keeps until a person resets it`
      : "")
  );
}
