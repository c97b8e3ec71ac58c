#!/usr/bin/env node
// `npm run faults`: the fault matrix, in the environment of ROS 2 and where no other ROS program hears it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { report, setup } from "./setup.mjs";
import { DIST, ROOT } from "./setup/paths.mjs";
import { rosEnv } from "./setup/ros.mjs";

try {
  const env = { ROS_DOMAIN_ID: String(1 + (process.pid % 80)), ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST", TELOS_RUNS: join(ROOT, "log", "fault-runs"), ...rosEnv(await setup()) };
  const child = spawn(process.execPath, [join(DIST, "test", "fault", "run.js"), ...process.argv.slice(2)], { cwd: ROOT, env, stdio: "inherit" });
  child.on("close", (code) => (process.exitCode = code ?? 1));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
