import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRun, failure, summarise } from "../../src/cli/RunSummary.js";
import { status } from "./statuses.js";
import { summarySchema } from "./summarySchema.js";

test("a run's summary has the contract's keys, and survives JSON", () => {
  const summary = summarise({
    result: { success: true, code: "NONE", message: "", energy: 0.1, duration: 3.25 },
    status: status(),
    wall: 3.5,
    violations: 0,
    firstMotion: 2.9,
    log: "runs/x.mcap",
  });
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  assert.deepEqual(
    [summary.duration_s, summary.sim_time_s, summary.replans, summary.plan_ms],
    [3.5, 3.25, 45, { p50: 20, p99: 50, max: 60 }],
  );
  assert.match(describeRun(summary), /^done in 3\.25 s/);
});

test("numbers that do not exist are 0, not null", () => {
  const summary = summarise({
    result: { success: false, code: "NO_PLAN", message: "no way", energy: NaN, duration: 1 },
    status: undefined,
    wall: Infinity,
    violations: 0,
    firstMotion: 0,
    log: "",
  });
  summarySchema.parse(JSON.parse(JSON.stringify(summary)));
  assert.equal(summary.error_code, 10);
  assert.match(describeRun(summary), /^not done: no way/);
});

test("a run that never came to its task says so in the same form", () => {
  const summary = failure("INTERNAL", "the simulator died");
  summarySchema.parse(JSON.parse(JSON.stringify(summary)));
  assert.deepEqual([summary.success, summary.error_code, summary.error], [false, 11, "the simulator died"]);
});
