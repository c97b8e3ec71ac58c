import { quantile } from "./quantile.js";
import type { Spread } from "./reactions.js";
import type { BenchReport } from "./runBench.js";

type Row = readonly [what: string, ...values: string[]];

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;
const share = (x: number): string => `${(100 * x).toFixed(2)} %`;
const micros = (x: number): string => x.toFixed(x < 10 ? 2 : 0);
const both = (x: Spread): string => `${fixed(x.p50, 0)}, ${fixed(x.max, 0)}`;
const fixed = (x: number, digits: number, unit = ""): string =>
  Number.isFinite(x) ? `${x.toFixed(digits)}${unit}` : "–";

/** The report as one table. */
export function benchTable(r: BenchReport): string {
  const columns = [
    ...r.in_process.map((f) => `${f.scene}, in one process`),
    ...r.over_dds.map((f) => `${f.scene}, over DDS`),
  ];
  const all = [...r.in_process, ...r.over_dds];
  const dds = (value: (f: BenchReport["over_dds"][number]) => string): string[] => [
    ...r.in_process.map(() => ""),
    ...r.over_dds.map(value),
  ];
  const levels = [...new Set(r.over_dds.flatMap((f) => f.levels.map((l) => l.level)))];
  const rows: Row[] = [
    ["", ...columns],
    ["goals", ...all.map((f) => String(f.goals))],
    ["reached within 2 cm and 5°", ...all.map((f) => percent(f.success))],
    ["limit violations, ground truth", ...all.map((f) => String(f.limit_violations))],
    ["contacts, ground truth", ...all.map((f) => String(f.contacts))],
    ["time to goal / Ruckig's, median", ...all.map((f) => fixed(f.median, 2))],
    ["                        p90", ...all.map((f) => fixed(f.p90, 2))],
    ["… to the same tolerance, median", ...all.map((f) => fixed(f.strictMedian, 2))],
    ["                         p90", ...all.map((f) => fixed(f.strictP90, 2))],
  ];
  rows.push([
    "goal sent to first motion, p50, p90",
    ...dds((f) => [0.5, 0.9].map((p) => fixed(1000 * quantile(f.setOut, p), 0)).join(", ") + " ms"),
  ]);
  for (const name of levels) {
    const level = (f: BenchReport["over_dds"][number]) => f.levels.find((l) => l.level === name);
    rows.push([
      `${name}: plan time p50, p99, max`,
      ...dds((f) => [level(f)?.p50, level(f)?.p99, level(f)?.max].map((x) => fixed(x ?? NaN, 0)).join(", ") + " ms"),
    ]);
    rows.push([
      `${name}: plans, rollouts a second`,
      ...dds((f) => `${fixed(level(f)?.rate ?? NaN, 1)}, ${fixed(level(f)?.rollouts ?? NaN, 0)}`),
    ]);
  }
  rows.push(
    ["reflex deadlines missed", ...dds((f) => `${f.missed} of ${f.ticks}`)],
    ["latest command after its beginning", ...dds((f) => `${f.late} ms`)],
    ["cores, agent: no task, in a task", ...dds((f) => `${fixed(f.agent.idle, 2)}, ${fixed(f.agent.busy, 2)}`)],
    ["cores, simulator", ...dds((f) => `${fixed(f.simulator.idle, 2)}, ${fixed(f.simulator.busy, 2)}`)],
    ["resident MB, agent, simulator", ...dds((f) => `${fixed(f.agent.memory, 0)}, ${fixed(f.simulator.memory, 0)}`)],
  );
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join("  ")
      .trimEnd(),
  );
  const { tick_us: t, machine: m } = r;
  lines.push(
    "",
    `reflex and safety filter, one tick with a command: p50 ${fixed(t.p50, 0)} µs, p99 ${fixed(t.p99, 0)} µs, max ` +
      `${fixed(t.max, 0)} µs of ${t.count}`,
    `npm start to the first motion: ${fixed(r.first_motion_s, 1, " s")}`,
    `seed ${r.seed}; ${m.cores} cores, load ${m.load.toFixed(1)} when it began, Node ${m.node}; ` +
      `${fixed(r.took_s, 0, " s")} in all`,
  );
  for (const s of r.filter)
    lines.push(
      `${s.scene}, with and without the safety filter: ${share(s.limited + s.stopped)} of ${s.checks} filter ticks ` +
        "intervened " +
        `(${share(s.limited)} limited, ${share(s.stopped)} on the fail-safe trajectory); time to goal ` +
        `${share(s.slowdown)} longer ` +
        `in all, ${share(s.slowdownMedian)} in the median`,
    );
  for (const x of r.reactions) {
    lines.push(
      `first braking set-point, commands ${fixed(x.lead, 0)} ms ahead, ${x.trials} trials, p50 and max: person seen ` +
        `${both(x.person)} ms, in filter ticks ${both(x.personTicks)}, answered in ${both(x.computing)} µs of ` +
        `computing, at rest after ${both(x.personRest)} ms; ` +
        `after the last command ${both(x.commands)} ms; after the last joint state ${both(x.joints)} ms`,
    );
  }
  for (const g of r.filter_us)
    lines.push(
      `${g.name}: mean ${micros(g.mean)}, p50 ${micros(g.p50)}, p99 ${micros(g.p99)}, max ${micros(g.max)} µs; ` +
        `${g.note}`,
    );
  for (const f of all) for (const failure of f.failures) lines.push(`${f.scene}: ${failure}`);
  return lines.join("\n");
}
