import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../src/config/index.js";
import { noTinyDisk, onTinyDisk } from "../memory/tinyDisk.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const env = {
  ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + 11) % 102),
  ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
};
const folder = mkdtempSync(join(tmpdir(), "telos-full-")),
  disk = mkdtempSync(join(tmpdir(), "telos-disk-"));
after(() => [folder, disk].forEach((f) => rmSync(f, { recursive: true, force: true })));
const skip = rosIsHere ? noTinyDisk : "ROS 2 is not in the environment";
const agent = (unlogged: string): string => {
  const file = join(folder, `${unlogged}.yaml`);
  writeFileSync(
    file,
    readFileSync(join(packageRoot(), "config", "agents", "default.yaml"), "utf8").replace(
      "log: runs }",
      `log: runs, unlogged: ${unlogged} }`,
    ),
  );
  return file;
};
const LOG = /episodes are no longer logged: ENOSPC: no space left on device, write/,
  RECORDING = /recording has stopped: ENOSPC: no space left on device, write/;
const telos = (args: string): string => `"${process.execPath}" "${MAIN}" ${args}`;
const task = `'goal: [{ joint_positions: { joint1: 0.9 } }]'`;

test(
  "a disk that is full in the midst of a run is told of log and recording, " +
    "the task goes on, and what was written reads up to where it ends",
  { skip },
  async () => {
    const { code, stdout, stderr } = await onTinyDisk(
      disk,
      "700k",
      `${telos(`run --task ${task} --scene table --agent ${agent("go_on")} --record ${disk}/r.mcap --json`)}; ` +
        `code=$?\n${telos(`replay ${disk}/r.mcap`)}; echo "replay $?"\nexit $code`,
      { ...env, TELOS_RUNS: disk },
    );
    assert.match(stderr, LOG);
    assert.match(stderr, RECORDING);
    assert.equal(stderr.match(new RegExp(LOG, "g"))!.length, 1, "told once");
    assert.equal(stderr.match(new RegExp(RECORDING, "g"))!.length, 1, "told once");
    assert.deepEqual(
      [code, (JSON.parse(stdout.split("\n")[0]) as { success: boolean }).success],
      [0, true],
      `${stdout}${stderr}`,
    );
    assert.match(stderr, /r\.mcap.* ends early/);
    assert.match(stdout, /replay 1/);
  },
);

test(
  "where the agent's file says that nothing is done unlogged, a full disk ends the task with its words",
  { skip },
  async () => {
    const { code, stdout, stderr } = await onTinyDisk(
      disk,
      "48k",
      telos(`run --task ${task} --scene table --agent ${agent("stop")} --json`),
      { ...env, TELOS_RUNS: disk },
    );
    assert.match(stderr, LOG);
    const { success, error } = JSON.parse(stdout.split("\n")[0]) as { success: boolean; error: string };
    assert.deepEqual([code, success], [1, false], `${stdout}${stderr}`);
    assert.match(error, LOG);
  },
);
