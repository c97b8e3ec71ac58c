import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/config/index.js";

test("every generated page of docs is what the code says: if one is not, npm run docs", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(packageRoot(), "scripts", "docs.mjs"), "--check"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
