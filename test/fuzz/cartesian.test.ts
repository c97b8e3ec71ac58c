import assert from "node:assert/strict";
import { test } from "node:test";
import { arm, robots } from "../guardrails/setups.js";
import { CartesianFuzz } from "./CartesianFuzz.js";

for (const name of robots)
  test(`${name} among boxes and with a person who chases it: no bound is broken while it moves, and it does move`, () => {
    for (let seed = 1; seed <= 4; seed++) {
      const report = new CartesianFuzz(arm(name), seed).run(4000);
      assert.equal(report.violations, 0, JSON.stringify({ seed, ...report }));
      assert.ok(report.moving > 300, JSON.stringify({ seed, ...report }));
    }
  });
