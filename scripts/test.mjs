#!/usr/bin/env node
// `npm test`: brings the set-up up to date, checks (`npm run check`), then runs the tests; `npm test -- kinematics
// wall` runs those whose path contains one of the words; `npm test -- --fast` those that take seconds and need no DDS.
// What lives in real time, scenarios and what else is named *.timed.test.ts, runs one at a time; beside it, two at a
// time and at idle priority, run those that may wait for the processor (test/slow.mjs). Then come all others, two at a
// time.
import { cpus } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { check } from "./check.mjs";
import { report, setup } from "./setup.mjs";
import { DIST, ROOT } from "./setup/paths.mjs";
import { rosEnv } from "./setup/ros.mjs";
import { filesUnder } from "./setup/stamp.mjs";
import { runFile } from "./test/runFile.mjs";
import { HASTY, PATIENT } from "./test/slow.mjs";
import { summary } from "./test/summary.mjs";

// ms per file: the fuzz test of 10⁶ steps takes minutes, and many minutes on a busy machine
const TIMEOUT = 1_200_000;
const DOMAINS = 102;
const LANE = 51; // domains between two files that run in parallel; one file uses fewer
const timed = (file) => file.startsWith("scenario/") || file.endsWith(".timed.test.js");
const compiled = (name) => `${name}.test.js`;
const patient = PATIENT.map(compiled);
const slow = [...patient, ...HASTY.map(compiled)];

/** Keeps the tests and other ROS programs on this machine or its network from receiving each other's messages. */
function secluded(env) {
  return {
    ...env,
    ROS_DOMAIN_ID: env.ROS_DOMAIN_ID ?? String(1 + (process.pid % 100)),
    ROS_AUTOMATIC_DISCOVERY_RANGE: env.ROS_AUTOMATIC_DISCOVERY_RANGE ?? "LOCALHOST",
    TELOS_STATE: join(ROOT, "log", "test-state", String(process.pid)), // the tests have their own latches
    TELOS_RUNS: env.TELOS_RUNS ?? join(ROOT, "log", "test-runs"), // episodes of tests must not displace the user's own
  };
}

/**
 * Runs files one after the other until the queue is empty or `ended`. Each lane has ROS domains of its own.
 * @param idle at idle priority
 */
async function lane(number, queue, { env, signal, idle = false, ended = () => false }) {
  const domain = String((Number(env.ROS_DOMAIN_ID) + number * LANE) % DOMAINS);
  const results = [];
  while (queue.length > 0 && !signal.aborted && !ended()) {
    const file = queue.shift();
    const options = { cwd: ROOT, env: { ...env, ROS_DOMAIN_ID: domain }, timeout: TIMEOUT, signal, idle };
    const result = await runFile(join(DIST, "test", file), options);
    const cpu = result.cpu >= 0 ? `, ${(result.cpu / 1000).toFixed(1)} s of CPU` : "";
    const how = `${(result.ms / 1000).toFixed(1)} s${cpu}${idle ? ", idle priority" : ""}`;
    console.log(`${file} (${how})\n${result.output.trimEnd()}\n`);
    results.push({ file, ...result });
  }
  return results;
}

/** ms that the cores have worked and idled since the start. */
function coreTimes() {
  const all = cpus().map(({ times: { idle, user, nice, sys, irq } }) => [idle + user + nice + sys + irq, idle]);
  return all.reduce(([a, b], [time, idle]) => [a + time, b + idle], [0, 0]);
}

/** Runs all files: first what lives in real time, with patient ones beside it. */
async function runAll(files, options) {
  const real = files.filter(timed);
  const rest = files.filter((file) => !timed(file));
  const waiting = real.length > 0 ? rest.filter((file) => patient.includes(file)) : [];
  let ended = false;
  const alone = lane(0, real, options).finally(() => (ended = true));
  // two, for the one of what lives in real time often leaves both cores
  const beside = [1, 2].map((n) => lane(n, waiting, { ...options, idle: true, ended: () => ended }));
  const first = await Promise.all([alone, ...beside]);
  const done = new Set(first.flat().map(({ file }) => file));
  const queue = rest.filter((file) => !done.has(file));
  const then = await Promise.all([lane(0, queue, options), lane(1, queue, options)]);
  return [...first, ...then].flat();
}

async function main(args) {
  const { values, positionals: words } = parseArgs({
    args,
    options: { fast: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const began = Date.now();
  if (words.length === 0 && !values.fast && !(await check())) return 1;
  const env = secluded(rosEnv(await setup()));
  const base = join(DIST, "test");
  const all = filesUnder(base)
    .map((file) => relative(base, file))
    .filter((file) => file.endsWith(".test.js"));
  const gone = slow.filter((file) => !all.includes(file));
  if (gone.length) throw new Error(`scripts/test/slow.mjs names files that are not tests: ${gone.join(", ")}`);
  const files = [...slow, ...all.filter((file) => !slow.includes(file))]
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .filter((file) => !values.fast || !(timed(file) || slow.includes(file)));
  if (files.length === 0) {
    console.error(`No ${values.fast ? "fast " : ""}test file's path contains ${words.join(" or ")}.`);
    return 1;
  }
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => stop.abort());
  const [time, idle] = coreTimes();
  const results = await runAll(files, { env, signal: stop.signal });
  const [later, idler] = coreTimes();
  console.log(summary(results, Date.now() - began, (idler - idle) / (later - time)));
  return !stop.signal.aborted && results.every((r) => r.failures.length === 0) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
