import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { taskCodes } from "../../../../src/adapters/ros/agent/taskCodes.js";

test("result codes are those of the action", () => {
  const action = readFileSync(new URL("../../../../../interfaces/action/Accomplish.action", import.meta.url), "utf8");
  const declared = Object.fromEntries(
    [...action.matchAll(/^uint16 ([A-Z_]+)\s*=\s*(\d+)/gm)].map(([, name, n]) => [name, Number(n)]),
  );
  assert.deepEqual(taskCodes, declared);
});
