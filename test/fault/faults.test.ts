import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./cases.js";
import { guardFaults } from "./guardFaults.js";
import { processFaults } from "./processFaults.js";
import { threadFaults } from "./threadFaults.js";

/** Classes in real time that a test run takes as well; all of them by `npm run faults`. */
const REAL = ["a planner throws", "an agent that falls silent", "an agent that floods"];

const inRealTime = new Set([...guardFaults, ...threadFaults, ...processFaults]);
const chosen = cases.filter((c) => !inRealTime.has(c) || REAL.some((name) => c.name.startsWith(name)));

test("there are at least forty classes of faults, each named once", () => {
  assert.ok(cases.length >= 40, `${cases.length}`);
  assert.equal(new Set(cases.map((c) => c.name)).size, cases.length);
});

for (const c of chosen) {
  test(`${c.name}: ${c.expect}`, async () => {
    const { violations, fault } = await c.run(1);
    assert.deepEqual([violations, fault], [[], ""]);
  });
}
