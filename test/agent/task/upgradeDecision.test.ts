import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision } from "../../../src/agent/task/Decision.js";
import { upgradeDecision } from "../../../src/agent/task/upgradeDecision.js";

const [z, q, zq] = [Float32Array.of(1, 2), Float64Array.of(3), Float64Array.of(4)];
const predicted = { ids: ["red"], positions: Float64Array.of(5, 6, 7) };

test("a decision of today stays as it is", () => {
  const state = { stamp: 1, q, percept: { z, q: zq } };
  const decision = { kind: "plan", from: state, above: undefined, warm: { substeps: 2 }, plan: { substeps: 4 } };
  assert.deepEqual(upgradeDecision(decision as unknown as Decision), decision);
});

test("what earlier versions called otherwise is found by today's names", () => {
  const old = {
    kind: "plan",
    from: { stamp: 1, q, z, zq },
    above: { sub: 2, foreseen: predicted },
    warm: undefined,
    plan: { sub: 4 },
  };
  assert.deepEqual(upgradeDecision(old as unknown as Decision), {
    kind: "plan",
    from: { stamp: 1, q, percept: { z, q: zq } },
    above: { substeps: 2, predicted },
    warm: undefined,
    plan: { substeps: 4, predicted: undefined },
  });
  const blind = { kind: "plan", from: { stamp: 1, q, z: new Float32Array(0) }, plan: { sub: 4 } };
  assert.deepEqual((upgradeDecision(blind as unknown as Decision) as { from: unknown }).from, { stamp: 1, q });
  const task = { kind: "task", setup: { agent: { levels: [{ name: "world" }] } } };
  assert.deepEqual(upgradeDecision(task as unknown as Decision), {
    kind: "task",
    setup: { agent: { levels: [{ name: "world", subgoal: "path" }], plugins: [] } },
  });
});
