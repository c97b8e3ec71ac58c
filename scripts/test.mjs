#!/usr/bin/env node
// `npm test`: brings the set-up up to date, checks (`npm run check`), then runs the tests; `npm test -- kinematics
// wall` runs those whose path contains one of the words. Scenarios, and what else is named *.timed.test.ts, live in
// real time, so they run one at a time after all others.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { check } from "./check.mjs";
import { report, setup } from "./setup.mjs";
import { DIST, ROOT } from "./setup/paths.mjs";
import { duration } from "./setup/progress.mjs";
import { rosEnv } from "./setup/ros.mjs";
import { filesUnder } from "./setup/stamp.mjs";

const COUNT = new URL("setup/countReporter.mjs", import.meta.url).href;
// ms, of a test and of a file of them: the fuzz of 10⁶ steps takes minutes, on a busy machine many
const TIMEOUT = 1_200_000;
const SETS = [
  { name: "simulated", concurrency: 2, holds: (file) => !inRealTime(file) },
  { name: "timed", concurrency: 1, holds: inRealTime },
];

function inRealTime(file) {
  return file.startsWith("scenario/") || file.endsWith(".timed.test.js");
}

/** Other ROS programs on this machine or its network must neither hear the tests nor disturb them. */
function secluded(env) {
  return {
    ...env,
    ROS_DOMAIN_ID: env.ROS_DOMAIN_ID ?? String(1 + (process.pid % 100)),
    ROS_AUTOMATIC_DISCOVERY_RANGE: env.ROS_AUTOMATIC_DISCOVERY_RANGE ?? "LOCALHOST",
    TELOS_STATE: join(ROOT, "log", "test-state", String(process.pid)), // nor their latches
    TELOS_RUNS: env.TELOS_RUNS ?? join(ROOT, "log", "test-runs"), // episodes of tests must not push out the user's own
  };
}

/** Runs one set; resolves to its numbers, of which `ok` says whether the runner itself was content. */
function runSet({ concurrency }, files, env, counts) {
  const child = spawn(
    process.execPath,
    [
      "--test",
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${TIMEOUT}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${COUNT}`,
      `--test-reporter-destination=${counts}`,
      ...files,
    ],
    { cwd: ROOT, env, stdio: "inherit" },
  );
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      let totals = {};
      try {
        totals = JSON.parse(readFileSync(counts, "utf8"));
      } catch {
        // the runner died before its end; its exit code says so
      }
      resolve({
        ok: code === 0,
        passed: totals.pass ?? 0,
        failed: (totals.fail ?? 0) + (totals.cancelled ?? 0),
        skipped: totals.skipped ?? 0,
      });
    });
  });
}

async function main(words) {
  const began = Date.now();
  if (words.length === 0 && !(await check())) return 1;
  const env = secluded(rosEnv(await setup()));
  const base = join(DIST, "test");
  const files = filesUnder(base)
    .map((file) => relative(base, file))
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (files.length === 0) {
    console.error(`No test file's path contains ${words.join(" or ")}.`);
    return 1;
  }
  const scratch = mkdtempSync(join(tmpdir(), "telos-test-"));
  const results = [];
  for (const set of SETS) {
    const members = files.filter(set.holds).map((file) => join(base, file));
    if (members.length) results.push(await runSet(set, members, env, join(scratch, set.name)));
  }
  rmSync(scratch, { recursive: true });
  const sum = (field) => results.reduce((total, r) => total + r[field], 0);
  const skipped = sum("skipped") ? `, ${sum("skipped")} skipped` : "";
  const ok = results.every((r) => r.ok);
  console.log(
    `\n${sum("passed")} passed, ${Math.max(sum("failed"), ok ? 0 : 1)} failed${skipped} in ` +
      `${duration(Date.now() - began)}`,
  );
  return ok ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
