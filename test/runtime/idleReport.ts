import type { ReflexReport } from "../../src/reflex/ReflexReport.js";

/** What a reflex tells that has nothing to do: with the fields that matter to a test in place of its own. */
export function idleReport(fields: Pick<ReflexReport, "state"> & Partial<ReflexReport>): ReflexReport {
  return {
    kind: "report",
    by: "",
    margin: NaN,
    idle: true,
    fresh: true,
    margins: [],
    checks: 0,
    limited: 0,
    stopped: 0,
    trips: {},
    missed: 0,
    ticks: 0,
    ...fields,
  };
}
