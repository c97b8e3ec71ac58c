import assert from "node:assert/strict";
import { test } from "node:test";
import { firstDifference } from "../../src/agent/firstDifference.js";

const plan = {
  level: "world",
  q: Float64Array.of(0, -0, NaN),
  predicted: { ids: ["red", "blue"], positions: Float64Array.of(1, 2, 3) },
  obstruction: undefined,
};

test("plain data of the same bits does not differ, however deep, be it the same object or another", () => {
  assert.equal(firstDifference(plan, plan), undefined);
  assert.equal(firstDifference(plan, structuredClone(plan)), undefined);
});

test("one bit, one key, one length are told by their place, with both values", () => {
  const change = (edit: (copy: typeof plan) => void): ReturnType<typeof firstDifference> => {
    const copy = structuredClone(plan);
    edit(copy);
    return firstDifference(plan, copy);
  };
  assert.deepEqual(
    change((p) => (p.q[1] = 0)),
    { field: "q[1]", recorded: -0, replayed: 0 },
  );
  assert.deepEqual(
    change((p) => (p.predicted.positions[2] += 2 ** -50)),
    { field: "predicted[positions][2]", recorded: 3, replayed: 3 + 2 ** -50 },
  );
  assert.deepEqual(
    change((p) => p.predicted.ids.pop()),
    { field: "predicted[ids].length", recorded: 2, replayed: 1 },
  );
  assert.deepEqual(firstDifference({ a: 1 }, { a: 1, b: 2 }), { field: "b", recorded: undefined, replayed: 2 });
  assert.deepEqual(firstDifference({ a: {} }, { a: 1 }), { field: "a", recorded: {}, replayed: 1 });
});
