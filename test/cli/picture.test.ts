import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { packageRoot } from "../../src/config/index.js";

test("the README's picture can be made from a true run", { timeout: 110_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "telos-picture-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "picture.png");
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(packageRoot(), "scripts", "picture.mjs"),
    file,
    "--scene",
    "table",
    "--task",
    "reach",
  ]);
  assert.match(stdout, /reach in scene table, seed 1, done at [\d.]+ s/);
  const png = readFileSync(file);
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [960, 540]);
});
