import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { bareEnv, root } from "./checkout.js";

const PROGRAM =
  "import(process.argv[1]).then(async (m) => { process.exitCode = await m.doctor({ json: " +
  `process.argv[2] === "json" }); })`;
const doctor = (form: "text" | "json", env = process.env) =>
  spawnSync(process.execPath, ["-e", PROGRAM, join(root, "dist/src/cli/doctor.js"), form], { env, encoding: "utf8" });

interface Report {
  readonly ok: boolean;
  readonly checks: { name: string; ok: boolean; detail: string; fix?: string }[];
}

test("the doctor finds a set-up machine well", () => {
  const { stdout, status } = doctor("text");
  assert.equal(status, 0, stdout);
  assert.match(stdout, /✔ ROS 2 +kilted|✔ ROS 2 +\w+ in /);
  assert.match(stdout, /✔ DDS round trip +there and back in [\d.]+ ms/);
  assert.match(stdout, /All checks passed\./);
});

test("without the environment of ROS it names what is missing and the fix, and says so to programs too", () => {
  const { stdout, status } = doctor("json", bareEnv());
  const report = JSON.parse(stdout) as Report;
  assert.equal(status, 1);
  assert.equal(report.ok, false);
  const bad = report.checks.filter((check) => !check.ok);
  for (const name of ["ROS 2", "libraries", "DDS round trip"]) {
    assert.ok(
      bad.some((check) => check.name === name),
      `${name} is not well: ${stdout}`,
    );
  }
  assert.ok(bad.every((check) => check.fix));
});

test("an unwritable log folder is named", () => {
  const report = JSON.parse(doctor("json", { ...process.env, ROS_LOG_DIR: "/dev/null/log" }).stdout) as Report;
  const folders = report.checks.find((check) => check.name === "writable folders");
  assert.match(folders!.detail, /\/dev\/null\/log/);
  assert.match(folders!.fix!, /ROS_LOG_DIR/);
});
