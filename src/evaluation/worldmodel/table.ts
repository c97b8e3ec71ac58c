import { quantile } from "../quantile.js";
import { OWN } from "./drawViews.js";
import { overSeeds } from "./overSeeds.js";
import { nameOf } from "./policies.js";
import type { Pace, Race } from "./race.js";
import type { Cell, WorldModelReport } from "./runBench.js";
import type { PredictionError } from "./Tally.js";
import type { Share } from "./wilson.js";

const percent = (x: number): string => (Number.isFinite(x) ? `${(100 * x).toFixed(0)} %` : "–");
const fixed = (x: number, digits: number, unit: string): string =>
  Number.isFinite(x) ? `${x.toFixed(digits)} ${unit}` : "–";
const cm = (x: number): string => fixed(100 * x, 1, "cm");
const ms = (x: number): string => fixed(1000 * x, 0, "ms");
const share = ({ share: p, low, high, trials }: Share): string =>
  `${percent(p)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}, n ${trials})`;

export type Table = readonly (readonly string[])[]; // the first row holds the headings

/** Success of every policy with its interval, and its distance from the goal at the end. */
export function successTable(cells: readonly Cell[]): Table {
  return [
    ["task", "policy", "model", "camera", "success (95 %)", "end p50", "p90", "start p50", "faults"],
    ...cells.map((c) => [
      c.kind,
      c.policy,
      c.model || "–",
      c.view,
      share(c.success),
      cm(c.distance.p50),
      cm(c.distance.p90),
      cm(c.before),
      String(c.faults),
    ]),
  ];
}

/** Plan times of the policies that use a learned model, perception included. */
export function timeTable({ cells }: WorldModelReport): Table {
  const row = (c: Cell): string[] => [
    c.model,
    c.policy,
    c.kind,
    ms(c.plan.p50),
    ms(c.plan.p99),
    fixed(c.plan.rollouts, 0, "").trim(),
  ];
  return [
    ["model", "policy", "task", "plan p50", "p99", "rollouts/s"],
    ...cells.filter((c) => c.model !== "" && c.view === OWN && Number.isFinite(c.plan.p50)).map(row),
  ];
}

/** Searches compared with PyTorch's, without perception: medians of the rounds, and the range of the ratios. */
export function raceTable({ races }: WorldModelReport): Table {
  const middle = (paces: readonly Pace[], key: keyof Pace): number =>
    quantile(
      paces.map((p) => p[key]),
      0.5,
    );
  const times = (ratios: readonly number[]): string =>
    `${quantile(ratios, 0.5).toFixed(2)} × (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}, n ` +
    `${ratios.length})`;
  const rows = races.flatMap(({ model, agent, plain, pytorch, skipped }: Race): string[][] => {
    if (skipped !== "") return [[model, "–", "–", "–", `skipped: ${skipped}`, "–", "–", "–"]];
    const row = (search: string, ours: readonly Pace[]): string[] => [
      model,
      search,
      ms(middle(ours, "p50")),
      ms(middle(pytorch, "p50")),
      times(ours.map((o, i) => pytorch[i].p50 / o.p50)),
      fixed(middle(ours, "rollouts"), 0, "").trim(),
      fixed(middle(pytorch, "rollouts"), 0, "").trim(),
      times(ours.map((o, i) => o.rollouts / pytorch[i].rollouts)),
    ];
    return [row("the agent's", agent), row("spared the same", plain)];
  });
  return [["model", "search", "p50", "in PyTorch", "faster", "rollouts/s", "in PyTorch", "more"], ...rows];
}

/** How often touched objects end inside the predicted regions. */
export function coverageTable({ diagnoses }: WorldModelReport): Table {
  return [
    ["model", "steps ahead", "in the 50 % region (95 %)", "in the 90 % region (95 %)"],
    ...diagnoses.flatMap((d) => d.coverage.map((c) => [d.model, String(c.ahead), share(c.half), share(c.most)])),
  ];
}

/**
 * Compares what keeps latents from collapsing: means over the seeds, with their 95 % intervals. The model "sigreg-s2"
 * has the second seed of "sigreg".
 */
export function collapseTable({ metrics, cells }: WorldModelReport): Table {
  const kinds = new Map<string, string[]>();
  for (const model of Object.keys(metrics)) {
    const kind = model.replace(/-s\d+$/, "");
    kinds.set(kind, [...(kinds.get(kind) ?? []), model]);
  }
  const shown = (values: readonly number[], digits: number, scale = 1): string => {
    const { n, mean, half } = overSeeds(values);
    return n === 0
      ? "–"
      : `${(scale * mean).toFixed(digits)}${Number.isFinite(half) ? ` ± ${(scale * half).toFixed(digits)}` : ""}`;
  };
  const success = (model: string, kind: string): number =>
    cells.find((c) => c.model === model && c.kind === kind && c.policy === nameOf("read-outs") && c.view === OWN)
      ?.success.share ?? NaN;
  const rows = [...kinds].map(([kind, models]) => {
    const of = (key: string): number[] => models.map((m) => metrics[m][key]);
    return [
      kind,
      String(models.length),
      shown(of("effective rank"), 1),
      shown(of("tool: probe R²"), 2),
      shown(of("objects: probe R²"), 2),
      shown(of("tool: read-out error"), 1, 1000),
      shown(of("objects: read-out error"), 1, 1000),
      shown(
        models.map((m) => success(m, "push")),
        0,
        100,
      ),
      shown(
        models.map((m) => success(m, "reach")),
        0,
        100,
      ),
      shown(of("representation: CPU seconds a step"), 0, 1000),
    ];
  });
  return [
    [
      "representation",
      "seeds",
      "effective rank",
      "probe R², tool",
      "objects",
      "read-out RMSE, tool, mm",
      "objects, mm",
      "pushes, %",
      "reaches, %",
      "CPU ms a step",
    ],
    ...rows,
  ];
}

/** Prediction of pushed objects, compared with persistence. */
export function predictionTable(report: WorldModelReport): Table {
  const rows = (model: string, under: string, errors: readonly PredictionError[]): string[][] =>
    errors.map((e) => [
      model,
      under,
      `${e.ahead} (${(0.4 * e.ahead).toFixed(1)} s)`,
      String(e.windows),
      String(e.flung),
      cm(e.model.rms),
      cm(e.persistence.rms),
      fixed(e.ratio, 1, "×"),
      cm(e.model.median),
      cm(e.persistence.median),
    ]);
  return [
    [
      "model",
      "actions",
      "steps ahead",
      "pushes",
      "flung",
      "error, RMS",
      "persistence",
      "better",
      "error, median",
      "persistence",
    ],
    ...report.diagnoses.flatMap((d) => [
      ...rows(d.model, "explorer's", d.explored),
      ...rows(d.model, "planner's", d.planned),
    ]),
  ];
}

/** Errors of the read-outs on held-out images. */
export function readOutTable(report: WorldModelReport): Table {
  return [
    ["model", "read-out", "RMSE", "spread", "share"],
    ...report.diagnoses.flatMap((d) =>
      (["objects", "tool"] as const).map((what) => [
        d.model,
        what,
        cm(d.readOut[what].rmse),
        cm(d.readOut[what].spread),
        percent(d.readOut[what].ratio),
      ]),
    ),
  ];
}

/** All tables that have rows, each with its title. */
export function reportTables(report: WorldModelReport): (readonly [title: string, table: Table])[] {
  const tables: readonly (readonly [string, Table])[] = [
    ["Success, Wilson's 95 % interval", successTable(report.cells)],
    ["Prediction of pushed objects on held-out episodes; persistence says that nothing moves", predictionTable(report)],
    ["Read-outs of held-out images", readOutTable(report)],
    [
      "Touched objects inside the regions of highest density that hold 50 % and 90 % of what the model expects, " +
        "held-out episodes",
      coverageTable(report),
    ],
    ["Representations, means over seeds ± half of the 95 % interval", collapseTable(report)],
    ["Plan times, rendering and image encoding included", timeTable(report)],
    [
      "The search alone, one thread, beside a plain one in PyTorch that is spared joint limits, swept volumes and " +
        "guardrails; ours as the agent's, and spared all that but the limits: medians, and the range of " +
        `${report.options.race} rounds in turn`,
      raceTable(report),
    ],
  ];
  return tables.filter(([, table]) => table.length > 1);
}

/** Columns aligned for a terminal. */
export function plain(table: Table): string {
  const widths = table[0].map((_, c) => Math.max(...table.map((row) => row[c].length)));
  return table
    .map((row) =>
      row
        .map((text, c) => text.padEnd(widths[c]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function markdown(table: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(table[0]), line(table[0].map(() => "---")), ...table.slice(1).map(line)].join("\n");
}
