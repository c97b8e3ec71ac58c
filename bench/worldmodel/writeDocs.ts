import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { barChart } from "./barChart.js";
import { OWN } from "../../src/evaluation/worldmodel/drawViews.js";
import type { WorldModelReport } from "../../src/evaluation/worldmodel/runBench.js";
import { markdown, reportTables } from "../../src/evaluation/worldmodel/table.js";

/**
 * Puts tables and plots between the two marks that the world's name has in a Markdown file, at its end where it has
 * none; the plots lie in a folder of its name beside it.
 */
export function writeDocs(file: string, report: WorldModelReport): void {
  const { options: o, machine: m } = report;
  const begin = `<!-- npm run bench:worldmodel -- --world ${o.world}: what follows is written by it -->`,
    end = `<!-- npm run bench:worldmodel -- --world ${o.world}: until here -->`;
  const folder = basename(file, ".md"),
    plots = join(dirname(file), folder);
  mkdirSync(plots, { recursive: true });
  const name = (kind: string): string => `${o.world}-${kind}.svg`;
  for (const kind of ["push", "reach"])
    writeFileSync(
      join(plots, name(kind)),
      barChart(
        `${kind}: success within ${o.steps} steps, 95 % intervals`,
        report.cells
          .filter((c) => c.kind === kind)
          .map((c) => ({
            label: [c.model, c.policy, c.view === OWN ? "" : `camera ${c.view}`].filter((x) => x !== "").join(", "),
            value: c.success.share,
            low: c.success.low,
            high: c.success.high,
          })),
      ),
    );
  const section = [
    begin,
    "",
    `\`npm run bench:worldmodel -- --models ${o.models.join(" ")} --episodes ${o.episodes} --oracle ${o.oracle} ` +
      `--moved ${o.moved} --recorded ${o.recorded} --race ${o.race} --world ${o.world} --steps ${o.steps} --seed ` +
      `${o.seed}\` printed these, on ${m.cores} cores (load ${m.load.toFixed(1)} when it began), Node ${m.node}.`,
    "",
    ...reportTables(report).flatMap(([title, table]) => [`${title}:`, "", markdown(table), ""]),
    ...["push", "reach"].flatMap((kind) => [`![${kind}](${folder}/${name(kind)})`, ""]),
    end,
  ].join("\n");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Learned world models\n";
  const from = before.indexOf(begin),
    to = before.indexOf(end);
  writeFileSync(
    file,
    from >= 0 && to > from
      ? before.slice(0, from) + section + before.slice(to + end.length)
      : `${before.trimEnd()}\n\n${section}\n`,
  );
}
