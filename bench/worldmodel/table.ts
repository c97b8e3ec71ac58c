import type { ForesightError } from "./diagnose.js";
import type { Cell, PlanTime, WorldModelReport } from "./runBench.js";
import type { Share } from "./wilson.js";

const percent = (x: number): string => (Number.isFinite(x) ? `${(100 * x).toFixed(0)} %` : "–");
const fixed = (x: number, digits: number, unit: string): string => (Number.isFinite(x) ? `${x.toFixed(digits)} ${unit}` : "–");
const cm = (x: number): string => fixed(100 * x, 1, "cm");
const ms = (x: number): string => fixed(1000 * x, 0, "ms");
const share = ({ share: p, low, high, trials }: Share): string => `${percent(p)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}, n ${trials})`;

export type Table = readonly (readonly string[])[]; // first row: heads

/** Success of every policy, its interval, where it ended. */
export function successTable(cells: readonly Cell[]): Table {
  return [
    ["task", "policy", "model", "camera", "success (95 %)", "end p50", "p90", "start p50", "faults"],
    ...cells.map((c) => [c.kind, c.policy, c.model || "–", c.view, share(c.success), cm(c.distance.p50), cm(c.distance.p90), cm(c.before), String(c.faults)]),
  ];
}

/** Plan times of the policies that plan with a learned model, looking included, and of the trainer's own search with the same weights. */
export function timeTable({ cells, pytorch }: WorldModelReport): Table {
  const row = (c: PlanTime): string[] => [c.model, c.policy, c.kind, ms(c.plan.p50), ms(c.plan.p99), fixed(c.plan.rollouts, 0, "").trim()];
  return [["model", "policy", "task", "plan p50", "p99", "rollouts/s"], ...cells.filter((c) => c.model !== "" && Number.isFinite(c.plan.p50)).map(row), ...pytorch.map(row)];
}

/** Foresight of pushed objects against persistence. */
export function foresightTable(report: WorldModelReport): Table {
  const rows = (model: string, under: string, errors: readonly ForesightError[]): string[][] =>
    errors.map((e) => [model, under, `${e.ahead} (${(0.4 * e.ahead).toFixed(1)} s)`, String(e.windows), String(e.flung), cm(e.model.rms), cm(e.persistence.rms), fixed(e.ratio, 1, "×"), cm(e.model.median), cm(e.persistence.median)]);
  return [["model", "actions", "steps ahead", "pushes", "flung", "error, RMS", "persistence", "better", "error, median", "persistence"], ...report.diagnoses.flatMap((d) => [...rows(d.model, "explorer's", d.explored), ...rows(d.model, "planner's", d.planned)])];
}

/** What the read-outs make of held-out images. */
export function readOutTable(report: WorldModelReport): Table {
  return [["model", "read-out", "RMSE", "spread", "share"], ...report.diagnoses.flatMap((d) => (["objects", "tool"] as const).map((what) => [d.model, what, cm(d.readOut[what].rmse), cm(d.readOut[what].spread), percent(d.readOut[what].ratio)]))];
}

/** Columns aligned for a terminal. */
export function plain(table: Table): string {
  const widths = table[0].map((_, c) => Math.max(...table.map((row) => row[c].length)));
  return table.map((row) => row.map((text, c) => text.padEnd(widths[c])).join("  ").trimEnd()).join("\n");
}

export function markdown(table: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(table[0]), line(table[0].map(() => "---")), ...table.slice(1).map(line)].join("\n");
}
