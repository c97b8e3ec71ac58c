import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../src/config/index.js";
import { Checkpoint } from "../Checkpoint.js";
import { Progress } from "../Progress.js";
import { cases } from "./cases.js";
import type { FaultCase } from "./FaultCase.js";
import { faultTable, type Row } from "./faultTable.js";
import { closeWorlds } from "./processFaults.js";

const HELP = `npm run faults [-- words…] [-- --seeds N] [-- --long] [-- --anew]

Every class of faults against the true agent, evaluated by the simulator's ground truth; with words only those classes
whose group and name hold one of them. Prints what came of each and, when all classes were run, writes the table to
docs/experiments/faults.md. Ends with 1 where an end was not the one expected.

  --seeds N   trials of each class (default: 3); over DDS at least 20 unless --exactly, of guard and thread at most 1
  --long      a thousand of each, twenty of guard and thread
  --exactly   as many as --seeds says, of every class
  --anew      forget an earlier run that was cut off; else it goes on where it ended, if the program is the same

  npm run faults -- "kill -9 of the agent" --seeds 1000     the thousand kills: about an hour and a quarter
`;
const { values: o, positionals: words } = parseArgs({
  options: {
    seeds: { type: "string" },
    long: { type: "boolean" },
    exactly: { type: "boolean" },
    anew: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
  allowPositionals: true,
});
if (o.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seeds = Number(o.seeds ?? (o.long ? 1000 : 3));
if (!(Number.isInteger(seeds) && seeds > 0)) {
  process.stderr.write(`--seeds: got ${o.seeds}, want a whole number above 0\n`);
  process.exit(2);
}

const trialsOf = (c: FaultCase): number => {
  if (o.exactly) return seeds;
  if (c.name.startsWith("over DDS")) return Math.max(seeds, 20);
  return c.group === "thread" || c.group === "guard" ? Math.min(seeds, o.long ? 20 : 1) : seeds;
};
/** What was found so far: of each class by name, the seeds done, the ends and what was wrong. */
type Found = Record<string, { done: number; readonly ends: Map<string, number>; readonly bad: string[] }>;

const chosen = [...cases.simulated, ...cases.inRealTime].filter(
  (c) => words.length === 0 || words.some((w) => `${c.group} ${c.name}`.includes(w)),
);
const checkpoint = new Checkpoint<Found>(
  `faults ${seeds} ${o.long ? "long " : ""}${o.exactly ? "exactly " : ""}${words.join(" ")}`,
);
const found: Found = (o.anew ? undefined : checkpoint.load()) ?? {};
const all = chosen.reduce((sum, c) => sum + trialsOf(c), 0);
const before = Object.values(found).reduce((sum, f) => sum + f.done, 0);
if (before > 0) process.stderr.write(`going on after ${before} of ${all} trials of an earlier run\n`);
const progress = new Progress();
let done = before;
progress.tell("faults", done, all);
const rows: Row[] = [];
for (const c of chosen) {
  const n = trialsOf(c);
  const so = (found[c.name] ??= { done: 0, ends: new Map(), bad: [] });
  for (let seed = so.done + 1; seed <= n; seed++) {
    const outcome = await c
      .run(seed)
      .catch((error: Error) => ({ end: "failed", violations: [], fault: error.message }));
    so.ends.set(outcome.end, (so.ends.get(outcome.end) ?? 0) + 1);
    const wrong = [...outcome.violations, ...(outcome.fault === "" ? [] : [outcome.fault])];
    if (wrong.length > 0) so.bad.push(`seed ${seed}: ${wrong.join("; ")}`);
    so.done = seed;
    checkpoint.save(found);
    progress.tell("faults", ++done, all, c.name);
  }
  const row: Row = { case: c, seeds: n, ends: so.ends, bad: so.bad };
  progress.end();
  rows.push(row);
  const ends = [...row.ends].map(([end, k]) => `${end} ×${k}`).join(", ");
  process.stdout.write(
    `${row.bad.length === 0 ? "✔" : "✘"} ${c.name} → ${c.expect}: ${ends}\n${row.bad
      .slice(0, 20)
      .map((b) => `    ${b}\n`)
      .join("")}`,
  );
}
await closeWorlds();
checkpoint.done();
if (words.length === 0) writeFileSync(join(packageRoot(), "docs", "experiments", "faults.md"), faultTable(rows));
const bad = rows.filter((r) => r.bad.length > 0).length;
process.stdout.write(
  `\n${rows.length} classes, ${rows.reduce((sum, r) => sum + r.seeds, 0)} trials, ${bad} classes not as expected\n`,
);
process.exit(bad === 0 ? 0 : 1);
