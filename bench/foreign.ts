import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { loadRobotConfig, packageRoot } from "../src/config/index.js";
import { FOREIGN_ARMS, ForeignArm, type ForeignEnd, type ForeignName } from "../test/scenario/ForeignArm.js";
import { quantile } from "../src/evaluation/quantile.js";
import { FOREIGN, installPackages } from "./pythonPackages.js";
import { timeOptimal } from "../src/evaluation/timeOptimal.js";

/**
 * `npm run bench:foreign [-- --arm ur5e --goals 0-11 --hold 0.2 --anew]`: goals on arms by others, on physics by
 * others. What is done is kept in log/foreign/ARM.jsonl; the next call goes on with the goals that are missing. Prints
 * a table of all that are there. `--pace 0.25` slows the arm, which then tells the time, for a machine that has other
 * things to do: what it measures then is the agent, not how fast it thinks.
 */
const { values } = parseArgs({
  options: {
    arm: { type: "string", multiple: true, default: [...FOREIGN_ARMS] },
    goals: { type: "string", default: "0-47" },
    hold: { type: "string", default: "0.2" },
    pace: { type: "string", default: "1" },
    seconds: { type: "string", default: "Infinity" },
    anew: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
  },
});
const COUNT = 48,
  SEED = 20;
const GOAL = { tolerance: 0.02, angle: 5, hold: Number(values.hold) };
const SCALE = 0.95; // velocity_scale: what is planned with
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const [first, last] = values.goals.split("-").map(Number);
const arms = values.arm as ForeignName[];
const unknown = arms.find((a) => !FOREIGN_ARMS.includes(a));
if (unknown !== undefined || !(first >= 0 && last >= first && last < COUNT))
  throw new Error(
    `--arm ${arms}, --goals ${values.goals}: want some of ${FOREIGN_ARMS.join(", ")}, and FIRST-LAST below ${COUNT}`,
  );

await installPackages(FOREIGN, say);
const until = performance.now() + 1000 * Number(values.seconds);
for (const arm of arms) if (!values.table) await measure(arm);
for (const arm of arms) await print(arm, read(arm));

function read(arm: ForeignName): ForeignEnd[] {
  return existsSync(fileOf(arm))
    ? readFileSync(fileOf(arm), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as ForeignEnd)
    : [];
}

function fileOf(arm: ForeignName): string {
  return join(packageRoot(), "log", "foreign", `${arm}.jsonl`);
}

async function measure(arm: ForeignName): Promise<void> {
  mkdirSync(dirname(fileOf(arm)), { recursive: true });
  if (values.anew) rmSync(fileOf(arm), { force: true });
  const done = new Set(read(arm).map((e) => e.n));
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((n) => !done.has(n));
  if (missing.length === 0 || performance.now() > until) return;
  const world = await ForeignArm.open(arm, { domain: 11, goals: last + 1, seed: SEED, pace: Number(values.pace) });
  try {
    for (const n of missing) {
      if (performance.now() > until) return;
      const end = await world.goal(n, GOAL);
      appendFileSync(fileOf(arm), `${JSON.stringify(end)}\n`);
      say(
        `${arm} ${n}: ${end.success ? "success" : end.message}; ${end.holds ? "holds" : "does not hold"} ` +
          `(${metres(end.error)}), ${end.exits} exits, velocity ${end.velocity.toFixed(2)}`,
      );
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${world.output()}`);
  } finally {
    await world.close();
  }
}

async function print(arm: ForeignName, ends: readonly ForeignEnd[]): Promise<void> {
  const good = ends.filter((e) => e.success && e.holds && e.time !== null);
  const { joints = [], limits } = loadRobotConfig(arm === "panda" ? "fr3" : arm);
  const of = (pick: (l: { velocity?: number; acceleration?: number }) => number | undefined): Float64Array =>
    Float64Array.from(joints, (j) => pick(limits.joints[j]) ?? limits.acceleration.turning);
  const velocity = of((l) => l.velocity! * SCALE),
    acceleration = of((l) => l.acceleration);
  const ways = good.length === 0 ? [] : await timeOptimal(good, { velocity, acceleration }, say);
  const ratios = good.map((e, i) => e.time! / ways[i].duration);
  const worst = (pick: (e: ForeignEnd) => number): string => Math.max(...ends.map(pick)).toFixed(2);
  const told = ends.filter((e) => e.success);
  const rows = [
    ["goals", String(ends.length)],
    ["success, and it holds a second later", `${good.length} (${((100 * good.length) / ends.length).toFixed(0)} %)`],
    ["success told where it does not hold", String(told.filter((e) => !e.holds).length)],
    [
      "worst error at rest of those told",
      `${(1000 * Math.max(0, ...told.map((e) => e.error[0]))).toFixed(1)} mm, ` +
        `${Math.max(0, ...told.map((e) => e.error[1])).toFixed(1)}°`,
    ],
    [
      "exits from a goal: goals, most, farthest",
      `${ends.filter((e) => e.exits > 0).length}, ${Math.max(...ends.map((e) => e.exits))}, ` +
        `${(1000 * Math.max(...ends.map((e) => e.farthest[0]))).toFixed(0)} mm`,
    ],
    ["velocity over its limit, most", worst((e) => e.velocity)],
    ["desired acceleration over its limit, most", worst((e) => e.acceleration)],
    ["beyond a limit of position, most", `${Math.max(0, ...ends.map((e) => e.over)).toFixed(4)} rad`],
    [
      "goals in which hulls met",
      `${ends.filter((e) => Object.keys(e.contacts).length > 0).length} ` +
        `${[...new Set(ends.flatMap((e) => Object.keys(e.contacts)))].join("; ")}`,
    ],
    ["drives at their effort, most in a goal", `${Math.max(...ends.map((e) => e.saturated)).toFixed(2)} s`],
    [
      "time to goal / Ruckig's, median, p90",
      `${quantile(ratios, 0.5).toFixed(2)}, ${quantile(ratios, 0.9).toFixed(2)}`,
    ],
    [
      "time to goal, median",
      `${quantile(
        good.map((e) => e.time!),
        0.5,
      ).toFixed(2)} s`,
    ],
    ["longest between two commands in motion", `${(1000 * Math.max(...ends.map((e) => e.silence))).toFixed(0)} ms`],
    [
      "goals in which the machine stood still > 50 ms",
      String(ends.filter((e) => e.stalls?.some((s) => s > 0.05)).length),
    ],
    ["commands refused", [...new Set(ends.flatMap((e) => e.rejected))].slice(0, 3).join("; ") || "none"],
  ];
  const failed = ends.filter((e) => !e.success),
    reason = (e: ForeignEnd): string => e.message.replace(/\d+(\.\d+)?/g, "n");
  const failures = [...new Set(failed.map(reason))]
    .map((why) => [why, failed.filter((e) => reason(e) === why)] as const)
    .map(([why, list]) => `  ${list.length} × ${why} (${list.map((e) => e.n).join(", ")})`);
  process.stdout.write(
    `\n${arm}\n${rows.map(([what, value]) => `  ${what.padEnd(44)}${value}`).join("\n")}\n${failures.join("\n")}\n`,
  );
}

function metres([distance, angle]: readonly [number, number]): string {
  return `${(1000 * distance).toFixed(1)} mm, ${angle.toFixed(1)}°`;
}
