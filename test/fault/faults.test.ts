import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./cases.js";

test("there are at least forty classes of faults, each named once", () => {
  const all = [...cases.simulated, ...cases.inRealTime];
  assert.ok(all.length >= 40, `${all.length}`);
  assert.equal(new Set(all.map((c) => c.name)).size, all.length);
});

for (const c of cases.simulated)
  test(`${c.name}: ${c.expect}`, async () => {
    const { violations, fault } = await c.run(1);
    assert.deepEqual([violations, fault], [[], ""]);
  });
