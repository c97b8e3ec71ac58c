import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReflexReport } from "../../../../src/reflex/ReflexReport.js";
import type { Mode } from "../../../../src/guardrails/mode.js";
import { guardSilence } from "../../../../src/adapters/ros/guard/guardSilence.js";
import { idleReport } from "../../../runtime/idleReport.js";

const report = (mode: Mode, next: Mode, by: string): ReflexReport => idleReport({ state: { mode, next }, by });

test(
  "a guard that does not speak is told to be silent, with what it was latched by, " +
    "and nobody is asked for a reset that it could not serve",
  () => {
    assert.equal(guardSilence("g", undefined, false), "no message from g yet");
    for (const mode of ["inactive", "active", "stopping", "latched"] as const)
      assert.equal(guardSilence("g", report(mode, mode, "x"), false), "");
    for (const mode of ["inactive", "active"] as const)
      assert.equal(
        guardSilence("g", report(mode, mode, "stale_joint_states"), true),
        "g is silent: nothing moves until it reports again",
      );
    for (const mode of ["latched", "stopping"] as const)
      assert.match(
        guardSilence("g", report(mode, "latched", "emergency_stop"), true),
        /^g is silent.*was latched by emergency_stop, which lasts/,
      );
    for (const last of [undefined, report("active", "active", ""), report("latched", "latched", "tracking")])
      assert.doesNotMatch(guardSilence("g", last, true), /\/reset|call/);
  },
);
