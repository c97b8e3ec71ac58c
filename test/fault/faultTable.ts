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

Written by \`npm run faults\` (\`-- --long\`: a thousand seeds of each class, twenty of guard and thread; a run that \
is cut off goes on when it is started again): ${rows.length} classes, ${trials} \
trials, ${rows.filter((r) => r.bad.length > 0).length} classes not as expected.

Each trial runs the true agent against the true simulator, puts one fault between them at an instant drawn by the \
seed while the arm moves, and is evaluated by the simulator's ground truth. Throughout no
joint may leave its limits, nothing may be touched by a moving arm, no person ever. What is expected of the end: \
*goes on*: the task is done; *stops, goes on*: the
arm rests within its stopping time and the time in which the fault can be known, and the task is done once the fault \
is over; *stops*: it rests in time and stays; *latches*: it rests in time and waits
for a person; *refused*: nothing is started; *restarts*: the part that failed is started anew, and the task is done. \
Processes are evaluated over true DDS, threads and guard in real time, all else in simulated time.

What the checker lets pass, of a velocity limit: nothing in simulated time (the arm plans with 0.95 of it, so its \
drives may swing) but 2 % where every fourth command is lost or the way closes again and again, and **35 % in guard \
and thread trials**, which run in real time on whatever machine
this is: a single command that comes after its beginning makes the controller leap. Plans that are none may lead a \
hand against what lies about: no guardrail keeps the arm from what a task may push; all else it may not touch. Over \
DDS the arm has 0.45 s beyond its stopping time. How soon a new agent is there after a kill -9 is told and not \
evaluated. Trials in simulated time have the motion level alone, with 16 samples.

| group | fault | expected | seeds | end | as expected |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}
