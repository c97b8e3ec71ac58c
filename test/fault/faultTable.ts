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
    return `| ${c.group} | ${c.name} | ${c.expect} | ${seeds} | ${came} | ${bad.length === 0 ? "✔" : `✘ ${bad.length}: ${bad[0].replaceAll("|", "/")}`} |`;
  });
  const trials = rows.reduce((sum, r) => sum + r.seeds, 0);
  return `# Fault matrix

Written by \`npm run faults\` (\`-- --long\` for a thousand seeds of each class): ${rows.length} classes, ${trials} trials, ${rows.filter((r) => r.bad.length > 0).length} classes not as expected.

Each trial runs the true agent against the true simulator, puts one fault between them at an instant drawn by the seed while the arm moves, and is judged by the simulator's ground truth. Throughout no
joint may leave its limits (velocity: 2 % for the servo's swing), nothing may be touched by a moving arm, no person ever. What is expected of the end: *goes on*: the task is done; *stops, goes on*: the
arm rests within its stopping time and the time in which the fault can be known, and the task is done once the fault is over; *stops*: it rests in time and stays; *latches*: it rests in time and waits
for a person; *refused*: nothing is started; *restarts*: the part that failed is started anew, and the task is done. Processes are judged over true DDS, threads in real time, all else in simulated time.

| group | fault | expected | seeds | end | as expected |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}
