import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { barChart } from "./barChart.js";
import type { WorldModelReport } from "./runBench.js";
import { foresightTable, markdown, readOutTable, successTable, timeTable } from "./table.js";

const BEGIN = "<!-- npm run bench:worldmodel: what follows is written by it -->";
const END = "<!-- npm run bench:worldmodel: until here -->";

/** Puts tables and plots between the two marks of a Markdown file, at its end where it has none; the plots lie beside it. */
export function writeDocs(file: string, report: WorldModelReport): void {
  const { options: o, machine: m } = report;
  const plots = join(dirname(file), "worldmodel");
  mkdirSync(plots, { recursive: true });
  const name = (kind: string): string => `success-${kind}.svg`;
  for (const kind of ["push", "reach"])
    writeFileSync(
      join(plots, name(kind)),
      barChart(
        `${kind}: success within ${o.steps} steps, 95 % intervals`,
        report.cells.filter((c) => c.kind === kind).map((c) => ({ label: [c.model, c.policy, c.view === "as trained" ? "" : `camera ${c.view}`].filter((x) => x !== "").join(", "), value: c.success.share, low: c.success.low, high: c.success.high })),
      ),
    );
  const section = [
    BEGIN,
    "",
    `\`npm run bench:worldmodel -- --models ${o.models.join(" ")} --episodes ${o.episodes} --oracle ${o.oracle} --moved ${o.moved} --recorded ${o.recorded} --steps ${o.steps} --seed ${o.seed}\` printed these, on ${m.cores} cores (load ${m.load.toFixed(1)} when it began), Node ${m.node}.`,
    "",
    "Success, Wilson's 95 % interval:",
    "",
    markdown(successTable(report.cells)),
    "",
    `![push](worldmodel/${name("push")})`,
    "",
    `![reach](worldmodel/${name("reach")})`,
    "",
    "Foresight of pushed objects on held-out episodes; persistence says that nothing moves:",
    "",
    markdown(foresightTable(report)),
    "",
    "Read-outs of held-out images:",
    "",
    markdown(readOutTable(report)),
    "",
    "Plan times, image encoding included:",
    "",
    markdown(timeTable(report)),
    "",
    END,
  ].join("\n");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Learned world models\n";
  const from = before.indexOf(BEGIN), to = before.indexOf(END);
  writeFileSync(file, from >= 0 && to > from ? before.slice(0, from) + section + before.slice(to + END.length) : `${before.trimEnd()}\n\n${section}\n`);
}
