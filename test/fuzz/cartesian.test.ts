import assert from "node:assert/strict";
import { test } from "node:test";
import { arm, jerky, robots } from "../guardrails/setups.js";
import { CartesianFuzz } from "./CartesianFuzz.js";

const arms = [...robots.map((name) => [name, arm(name)] as const), ["arm7 with jerk limits and a tracking error", { ...jerky("arm7"), trackingError: 0.002 }] as const];

for (const [name, of] of arms)
  test(`${name} among boxes and with a person who chases it: no bound is broken while it moves, and it does move`, () => {
    for (let seed = 1; seed <= 4; seed++) {
      const report = new CartesianFuzz(of, seed).run(4000);
      assert.equal(report.violations, 0, JSON.stringify({ seed, ...report }));
      assert.ok(report.moving > 300, JSON.stringify({ seed, ...report }));
    }
  });
