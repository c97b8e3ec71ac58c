import assert from "node:assert/strict";
import { test } from "node:test";
import { strain } from "../../src/runtime/strain.js";

const level = (name: string, recent: number, wanted: number) => ({ name, recent, wanted });

test(
  "the level that is late by most is told, " +
    "with what was wanted and how busy the machine is; plans in time say nothing",
  () => {
    assert.equal(
      strain([level("subgoal", 2.9, 2), level("motion", 0.18, 0.05)], 3.14, 2),
      "motion plans take 180 ms, want 50 ms: the machine is busy (load 3.1 on 2 cores)",
    );
    assert.equal(strain([level("subgoal", 1.9, 2), level("motion", 0.06, 0.05)], 9, 2), "");
    assert.equal(strain([]), "");
    assert.equal(strain([level("motion", 0, 0.05)]), "", "no plan yet");
  },
);
