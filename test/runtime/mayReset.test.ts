import assert from "node:assert/strict";
import { test } from "node:test";
import { mayReset } from "../../src/runtime/mayReset.js";
import type { ReflexReport } from "../../src/reflex/ReflexReport.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Mode } from "../../src/guardrails/mode.js";
import { idleReport } from "./idleReport.js";

const report = (mode: Mode, idle: boolean, fresh: boolean): ReflexReport =>
  idleReport({ state: { mode, next: mode }, by: "tracking", margin: -1, idle, fresh });

test(
  "an input too old is told with an age above its bound, " +
    "one new enough never refuses, whatever the reflex last reported of it",
  () => {
    const rng = new Rng(4);
    for (let i = 0; i < 2000; i++) {
      const most = [0.05, 0.1, 0.25][rng.bits() % 3];
      const age = i % 3 === 0 ? most + 1e-9 * rng.range(-1, 1) : rng.range(-0.02, 0.5);
      const outcome = mayReset(report("latched", true, rng.bits() % 2 === 0), [{ name: "joint_states", age, most }]);
      assert.equal(outcome.ok, age <= most, `${age} s of ${most} s`);
      if (outcome.ok) continue;
      const [, told, want] = /joint states: ([\d.]+) s old, want at most ([\d.]+) s/.exec(outcome.message)!;
      assert.ok(Number(told) > Number(want), outcome.message);
    }
  },
);

test("what never came, and ages that are no number, refuse", () => {
  assert.equal(
    mayReset(report("latched", true, true), [{ name: "bodies", age: Infinity, most: 1 }]).message,
    "no bodies have come yet",
  );
  assert.equal(mayReset(report("latched", true, true), [{ name: "bodies", age: NaN, most: 1 }]).ok, false);
});

test("only a latch is left, and only at rest", () => {
  for (const mode of ["unconfigured", "inactive", "active", "stopping"] as const)
    assert.match(mayReset(report(mode, true, true), []).message, new RegExp(`while ${mode}`));
  assert.equal(mayReset(undefined, []).ok, false);
  assert.equal(mayReset(report("latched", false, true), []).message, "the arm still moves");
  assert.equal(mayReset(report("latched", true, true), []).ok, true);
});
