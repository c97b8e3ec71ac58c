import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../../src/core/Command.js";
import { ReflexThread } from "../../../src/runtime/threads/ReflexThread.js";

/** What the publishing thread does with messages of the reflex, without the reflex. */
interface Heard {
  clock: { now(): number };
  claim: Int32Array;
  listener: { command(c: Command): void };
  hear(message: object): void;
}

test("a command leaves once, if it is neither withdrawn nor past the time until which it may", () => {
  const left: number[] = [],
    thread = Object.create(ReflexThread.prototype) as Heard;
  let now = 0;
  thread.clock = { now: () => now };
  thread.claim = new Int32Array(new SharedArrayBuffer(4));
  thread.listener = { command: (c) => left.push(c.stamp) };
  const offer = (number: number, at: number, withdrawn = false): void => {
    now = at;
    thread.claim[0] = withdrawn ? 0 : number;
    const command = { stamp: 1 + number, dt: 0.01, N: 2, nq: 1, q: new Float64Array(2), v: new Float64Array(2) };
    thread.hear({ kind: "command", number, command, until: 0.987 + number });
  };
  offer(1, 1.98);
  offer(2, 2.9871); // it still lies ahead, but no longer by its way
  assert.equal(thread.claim[0], 2, "and is not marked as one that left");
  offer(3, 3.9, true);
  offer(4, 4.987);
  assert.equal(thread.claim[0], -4);
  thread.hear({ kind: "command", number: 4, command: { stamp: 5 }, until: 5 });
  assert.deepEqual(left, [2, 5]);
});
