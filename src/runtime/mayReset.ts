import type { Outcome } from "../agent/AgentPort.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import type { NeededInput } from "../agent/NeededInput.js";

/**
 * Whether the latch may be left (obligation G6): only on request, at rest, with fresh inputs. The age of the inputs is
 * the present one, which is also reported, not the one in the reflex's last report, which may be a report's period old.
 * The reflex checks again before anything moves.
 */
export function mayReset(report: ReflexReport | undefined, inputs: readonly NeededInput[]): Outcome {
  if (report?.state.mode !== "latched")
    return { ok: false, message: `got reset while ${report?.state.mode ?? "unconfigured"}, want latched` };
  if (!report.idle) return { ok: false, message: "the arm still moves" };
  const stale = inputs.find(({ age, most }) => !(age <= most));
  return stale === undefined ? { ok: true, message: "" } : { ok: false, message: staleness(stale) };
}

/**
 * What is wrong with an input that is too old, in words. The age is rounded away from the bound, so the two never look
 * alike.
 */
export function staleness({ name, age, most }: NeededInput): string {
  if (age === Infinity) return `no ${words(name)} have come yet`;
  return `${words(name)}: ${(Math.ceil(1000 * age) / 1000).toFixed(3)} s old, want at most ${most} s`;
}

/** A topic in words. */
export const words = (topic: string): string => (topic === "wrench" ? "forces" : topic.replace("_", " "));
