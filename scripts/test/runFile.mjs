import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duration } from "../setup/progress.mjs";

const REPORTERS = ["spec", "results"].map((name) => new URL(`${name}Reporter.mjs`, import.meta.url).href);
const LAST_WORDS = 15; // lines
// runs a program only when the processor is idle, or at the lowest priority if there is no SCHED_IDLE
const IDLE =
  [
    ["chrt", "--idle", "0"],
    ["nice", "-n", "19"],
  ].find(([program, ...args]) => spawnSync(program, [...args, "true"]).status === 0) ?? [];

// Linux gives it in hundredths of a second; elsewhere nobody knows
const STAT = "/proc/self/stat";
let counted = 0;

/** ms of CPU that this process's children, and theirs, had by the time they ended, since it was last asked. */
function cpuOfEnded() {
  if (!existsSync(STAT)) return NaN;
  const [user, system] = readFileSync(STAT, "utf8").split(") ").at(-1).split(" ").slice(13, 15);
  const ms = 10 * (Number(user) + Number(system)) - counted;
  counted += ms;
  return ms;
}

/** The last lines of what a program said. */
const lastWords = (text) => text.trimEnd().split("\n").slice(-LAST_WORDS).join("\n");

/** The results that the file reported in complete lines; empty if it ended before the first. */
function readResults(path) {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line));
}

/**
 * Runs one test file in a process of its own.
 * @param timeout ms after which it is killed
 * @param idle at idle priority
 * @param signal kills it
 * @returns its output, ms and ms of CPU, and results: `failures` holds every failed test by name with its message, and,
 *   where the file failed without naming a test, the file itself with the last lines of its output
 */
export async function runFile(path, { cwd, env, timeout, signal, idle = false }) {
  const scratch = mkdtempSync(join(tmpdir(), "telos-test-"));
  const results = join(scratch, "results.json");
  const began = performance.now();
  const [program, ...args] = [
    ...(idle ? IDLE : []),
    process.execPath,
    `--test-reporter=${REPORTERS[0]}`,
    "--test-reporter-destination=stdout",
    `--test-reporter=${REPORTERS[1]}`,
    `--test-reporter-destination=${results}`,
    path,
  ];
  cpuOfEnded(); // of no test
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => (output += text));
  }
  let cpu = NaN;
  child.on("exit", () => (cpu = cpuOfEnded()));
  const how = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, killed) => resolve(killed ?? code));
  });
  const ms = performance.now() - began;
  const tests = readResults(results);
  rmSync(scratch, { recursive: true });
  const failures = tests.filter((t) => t.failure !== undefined);
  const broken = typeof how === "string" || (how !== 0 && failures.length === 0) || tests.length === 0;
  if (broken) {
    const end = ms >= timeout ? `did not end within ${duration(timeout)}` : `ended with ${how}`;
    const ran = tests.length === 0 ? " and reported no test" : "";
    failures.push({ name: "the file itself", ms, failure: `${end}${ran}; its last lines:\n${lastWords(output)}` });
  }
  return {
    ms,
    cpu,
    output,
    failures,
    slowest: tests.reduce((a, b) => (b.ms > (a?.ms ?? 0) ? b : a), undefined),
    passed: tests.filter((t) => t.failure === undefined && !t.skipped).length,
    skipped: tests.filter((t) => t.skipped).length,
  };
}
