import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { BeliefMemory } from "../../../src/memory/beliefs/BeliefMemory.js";
import { bounds, body } from "./walkers.js";

test(
  "messages: an older one counts only where the clock went back, " +
    "and then nothing older is believed; numbers of no world are refused",
  () => {
    const memory = new BeliefMemory(bounds);
    assert.equal(memory.seeBodies(10, [body("p", [1, 0, 0])], 10), "");
    assert.match(memory.seeBodies(8, [body("q", [1, 0, 0])], 10.1), /older/);
    for (const change of [
      { p0: [1e300, 0, 0] },
      { radius: 1e9 },
      { speedBound: 1e12 },
      { p1: [0, NaN, 0] },
    ] as Partial<Body>[])
      assert.match(memory.seeBodies(10.1, [body("p", [1, 0, 0], change)], 10.1), /finite/);
    assert.equal(memory.bodies.length, 1);
    assert.equal(memory.seeBodies(1, [body("q", [1, 0, 0])], 1), "");
    assert.deepEqual(
      memory.bodies.map((b) => b.id),
      ["q"],
    );
  },
);

test("a clock that is set back a little: who is hidden stays, as old as they were, and grows on", () => {
  for (const back of [0.25, 0.5, 4]) {
    const memory = new BeliefMemory(bounds);
    memory.seeBodies(10, [body("p", [0.5, 0, 1]), body("p", [0.5, 0.6, 1])], 10);
    memory.seeBodies(10.1, [body("p", [0.5, 0, 1])], 10.1); // one is hidden
    assert.equal(memory.seeBodies(10.2 - back, [body("p", [0.5, 0, 1])], 10.2 - back), "");
    const hand = memory.bodies.find((b) => b.p0[1] === 0.6);
    assert.ok(
      hand !== undefined && 10.2 - back - hand.stamp >= 0.1 - 1e-9,
      `${back} s: ${JSON.stringify(memory.bodies)}`,
    );
  }
});

test("objects with new names for ever: no more than 256 are believed, those told of last", () => {
  const memory = new BeliefMemory(bounds);
  for (let i = 0; i < 40; i++) {
    const objects = Array.from({ length: 100 }, (_, k) => ({
      id: `${i} ${k}`,
      position: [0, 0, 0] as const,
      orientation: [0, 0, 0, 1] as const,
      positionStd: 0,
      stamp: i,
    }));
    assert.equal(memory.seeObjects(i, [...objects, { ...objects[0], id: "puck" }], i), "");
  }
  assert.ok(
    memory.objects.length === 256 &&
      memory.objectsById.has("puck") &&
      memory.objectsById.has("39 99") &&
      !memory.objectsById.has("0 0"),
  );
});
