import assert from "node:assert/strict";
import { test } from "node:test";
import { busyFaults } from "./busyFaults.js";
import { cases } from "./cases.js";
import { latchFaults } from "./latchFaults.js";

/**
 * What a test run takes; all classes by `npm run faults`. What becomes of a damaged latch file is LatchFile.test.ts's
 * matter, and joint states that are silent for a while scenario/table.test.ts's.
 */
const taken = [
  ...busyFaults.filter(({ name }) => !name.startsWith("joint states silent")),
  ...latchFaults.slice(0, 2),
  ...cases.inRealTime.filter(({ name }) => /^(a planner throws|an agent that (falls silent|floods))/.test(name)),
];

for (const c of taken)
  test(`${c.name}: ${c.expect}`, async () => {
    const { violations, fault } = await c.run(1);
    assert.deepEqual([violations, fault], [[], ""]);
  });
