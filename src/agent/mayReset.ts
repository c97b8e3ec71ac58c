import type { Seconds } from "../core/Seconds.js";
import type { Outcome } from "./AgentPort.js";
import type { ReflexReport } from "./messages.js";

/** Whether the latch may be left (obligation G6): only on request, at rest, with fresh joint states. `age` is theirs. */
export function mayReset(report: ReflexReport | undefined, age: Seconds, staleAfter: Seconds): Outcome {
  if (report?.state.mode !== "latched") return { ok: false, message: `got reset while ${report?.state.mode ?? "unconfigured"}, want latched` };
  if (!report.idle) return { ok: false, message: "the arm still moves" };
  if (!report.fresh) return { ok: false, message: `joint states are ${age.toFixed(2)} s old, want at most ${staleAfter} s` };
  return { ok: true, message: "" };
}
