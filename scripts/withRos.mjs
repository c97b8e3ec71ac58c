#!/usr/bin/env node
// node scripts/withRos.mjs FILE [ARGUMENTS]: runs that file of dist in the environment of ROS 2. Other ROS programs do
// not receive its messages.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { report, setup } from "./setup.mjs";
import { DIST, ROOT } from "./setup/paths.mjs";
import { rosEnv } from "./setup/ros.mjs";

try {
  const [file, ...words] = process.argv.slice(2);
  const env = {
    ROS_DOMAIN_ID: String(1 + (process.pid % 80)),
    ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
    TELOS_RUNS: join(ROOT, "log", "test-runs"),
    ...rosEnv(await setup()),
  };
  const child = spawn(process.execPath, [join(DIST, file), ...words], { cwd: ROOT, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"])
    // a terminal sends Ctrl-C to both
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  child.on("close", (code) => (process.exitCode = code ?? 1));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
