#!/usr/bin/env node
// The `telos` command and `npm start`: brings the set-up up to date, then runs dist/src/main.js with the environment of
// ROS. The loader reads LD_LIBRARY_PATH only when a process starts, so a second process is unavoidable, unless this one
// was started with .ros/setup.sh sourced; then main.js runs right here. The first process only waits.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { report, setup } from "./setup.mjs";
import { DIST, MODULES, ROOT } from "./setup/paths.mjs";
import { detectRos, hasRosEnv, rosEnv } from "./setup/ros.mjs";

const MAIN = join(DIST, "src", "main.js");
const INSTALLED = !existsSync(join(ROOT, "package-lock.json")); // installed by npm, so there is nothing to set up
const args = process.argv.slice(2);

/** Whether the command needs the set-up. Help and doctor must not start one, because it takes minutes. */
function needsSetup() {
  const help = args.length === 0 || args.some((a) => ["--help", "-h", "--version", "-V", "help"].includes(a));
  return !help && args[0] !== "doctor" && !INSTALLED;
}

async function main() {
  if (!INSTALLED && !needsSetup() && !(existsSync(MAIN) && existsSync(join(MODULES, "commander")))) {
    process.stderr.write(
      "telos is not set up yet. `npm start` sets it up and runs the default task; `npm run setup` only sets it up.\n",
    );
    return 1;
  }
  const ros = needsSetup() ? await setup() : detectRos();
  if (hasRosEnv(ros)) {
    process.argv[1] = MAIN;
    await import(MAIN);
    return null;
  }
  return runChild(rosEnv(ros));
}

/** Resolves to the child's exit code; a child ended by a signal gives 128 + its number, as in shells. */
function runChild(env) {
  const child = spawn(process.execPath, [...process.execArgv, MAIN, ...args], { env, stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes. If it were passed on too, the child would get two, and the second one
  // means "end at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`telos did not start: ${error.message}\n`);
      resolve(1);
    });
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

try {
  const code = await main();
  if (code !== null) process.exitCode = code;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
