import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/config/index.js";
import { cases } from "./cases.js";
import { faultTable, type Row } from "./faultTable.js";
import { closeWorlds } from "./processFaults.js";

/**
 * `npm run faults [-- words…] [--seeds N] [--long]`, in an environment with ROS 2: every class of faults against the true agent, judged by the ground truth. Prints a table and, when all
 * classes were run, writes it to docs/faults.md. Exits with 1 where an end was not the one expected.
 */
const args = process.argv.slice(2);
const long = args.includes("--long");
const at = args.indexOf("--seeds");
const seeds = at >= 0 ? Number(args[at + 1]) : long ? 1000 : 3;
const words = args.filter((a, i) => !a.startsWith("--") && (at < 0 || i !== at + 1));
if (!(Number.isInteger(seeds) && seeds > 0)) throw new Error("--seeds: want a whole number above 0");

const chosen = cases.filter((c) => words.length === 0 || words.some((w) => `${c.group} ${c.name}`.includes(w)));
const rows: Row[] = [];
for (const c of chosen) {
  const n = c.name.startsWith("over DDS") ? Math.max(seeds, 20) : c.group === "thread" || c.group === "guard" ? Math.min(seeds, long ? 20 : 1) : seeds;
  const row: Row = { case: c, seeds: n, ends: new Map(), bad: [] };
  for (let seed = 1; seed <= n; seed++) {
    const outcome = await c.run(seed).catch((error: Error) => ({ end: "failed", violations: [], fault: error.message }));
    row.ends.set(outcome.end, (row.ends.get(outcome.end) ?? 0) + 1);
    const wrong = [...outcome.violations, ...(outcome.fault === "" ? [] : [outcome.fault])];
    if (wrong.length > 0) row.bad.push(`seed ${seed}: ${wrong.join("; ")}`);
  }
  rows.push(row);
  const ends = [...row.ends].map(([end, k]) => `${end} ×${k}`).join(", ");
  process.stdout.write(`${row.bad.length === 0 ? "✔" : "✘"} ${c.name} → ${c.expect}: ${ends}\n${row.bad.slice(0, 3).map((b) => `    ${b}\n`).join("")}`);
}
await closeWorlds();
if (words.length === 0) writeFileSync(join(packageRoot(), "docs", "faults.md"), faultTable(rows));
const bad = rows.filter((r) => r.bad.length > 0).length;
process.stdout.write(`\n${rows.length} classes, ${rows.reduce((sum, r) => sum + r.seeds, 0)} trials, ${bad} classes not as expected\n`);
process.exit(bad === 0 ? 0 : 1);
