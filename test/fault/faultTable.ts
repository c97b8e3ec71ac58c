import type { FaultCase } from "./FaultCase.js";

/** What came of one class. */
export interface Row {
  readonly case: FaultCase;
  readonly seeds: number;
  readonly ends: Map<string, number>;
  readonly bad: string[]; // what was not as expected, by seed
}

/** The fault matrix as Markdown. */
export function faultTable(rows: readonly Row[]): string {
  const lines = rows.map(({ case: c, seeds, ends, bad }) => {
    const came = [...ends].map(([end, k]) => (k === seeds ? end : `${end} ×${k}`)).join(", ");
    return (
      `| ${c.group} | ${c.name} | ${c.expect} | ${seeds} | ${came} | ` +
      `${bad.length === 0 ? "✔" : `✘ ${bad.length}: ${bad[0].replaceAll("|", "/")}`} |`
    );
  });
  const trials = rows.reduce((sum, r) => sum + r.seeds, 0);
  return `# Fault matrix

Written by \`npm run faults\` (\`-- --long\`: a thousand seeds of each class, twenty of guard and thread; an
interrupted run continues when it is started again): ${rows.length} classes, ${trials} trials, \
${rows.filter((r) => r.bad.length > 0).length} classes not as expected.

Each trial runs the agent against the simulator. It injects one fault between them while the arm moves, at an instant
drawn by the seed. Ground truth from the simulator evaluates it. Throughout, no joint may leave its limits, a moving arm
may touch nothing, and no person may ever be touched.

| expected end | meaning |
|---|---|
| goes on | the task is done |
| stops, goes on | the arm rests within its stopping time and the time in which the fault can be known; \
the task is done once the fault is over |
| stops | the arm rests in time and stays |
| latches | the arm rests in time and waits for a person |
| refused | nothing is started |
| restarts | the part that failed is restarted, and the task is done |

Processes run over true DDS, threads and guard in real time, all else in simulated time, there with the motion level
alone and 16 samples.

What is allowed beyond a velocity limit:

- in simulated time nothing, as the arm plans with 0.95 of it; but 2 % if every fourth command is lost or the connection
  closes again and again;
- **35 % in guard and thread trials**, which run in real time on whatever machine this is: a single command that comes
  after its beginning makes the controller jump.

Invalid plans may lead a hand against objects: no guardrail keeps the arm from what a task may push. Everything else may
not be touched. Over DDS the arm has 0.45 s beyond its stopping time. How soon a new agent is ready after a kill -9 is
reported and not evaluated.

| group | fault | expected | seeds | end | as expected |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}
