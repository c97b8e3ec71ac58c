#!/usr/bin/env node
// Installs and builds what telos needs and this machine does not have: a ROS 2, our messages, npm packages, rclnodejs,
// our own code.
//
//   node scripts/setup.mjs            do the steps that are due
//   node scripts/setup.mjs --plan     only list the steps that are due, one per line
//   node scripts/setup.mjs --force    do everything again
//
// It runs before any package is installed, so it uses only Node itself.
import { pathToFileURL } from "node:url";
import { realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkHost, SetupError } from "./setup/host.mjs";
import { acquire } from "./setup/lock.mjs";
import { ROS } from "./setup/paths.mjs";
import { detectRos, writeSetupScript } from "./setup/ros.mjs";
import { killJobs, plan, run } from "./setup/runner.mjs";
import { clearStamp } from "./setup/stamp.mjs";
import { stepsFor, wantedToRun } from "./setup/steps.mjs";

/**
 * Brings all steps that are `wanted` up to date and returns the ROS in use. When nothing is due this takes some tens of
 * milliseconds.
 */
export async function setup({ force = false, wanted = wantedToRun } = {}) {
  const ros = detectRos();
  if (!force && plan(stepsFor(ros, wanted)).length === 0) {
    writeSetupScript(ros);
    return ros;
  }
  checkHost();
  process.stderr.write(
    "Setting up telos. ROS 2: " +
      (ros.mode === "sourced" ? `${ros.distro}, sourced from ${ros.prefix}` : "none sourced, so a local one") +
      `.\n`,
  );
  const release = await acquire({
    onWait: (pid) => process.stderr.write(`Another set-up is running (process ${pid}); waiting for it.\n`),
  });
  const interrupt = (signal) => {
    killJobs();
    release();
    process.stderr.write("\nSet-up interrupted; the next start continues from here.\n");
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const steps = stepsFor(ros, wanted); // computed again: another process may have done them while we waited
    if (force) for (const step of steps) clearStamp(step.dir);
    if (force) rmSync(join(ROS, "venv", ".begun"), { force: true });
    if (plan(steps).length) await run(steps);
    writeSetupScript(ros);
    return ros;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    release();
  }
}

/** Prints a failure so that a user can act on it. */
export function report(error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n${error.fix ? `fix: ${error.fix}\n` : ""}`);
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const has = (flag) => process.argv.includes(flag);
  try {
    if (has("--plan")) for (const name of plan(stepsFor(detectRos()))) console.log(name);
    else await setup({ force: has("--force") });
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}
