import assert from "node:assert/strict";
import { test } from "node:test";
import { plan, Rig } from "./LateRig.js";

// An arm that is found where it was not commanded to be: blocked, frozen, moved by others.

test(
  "a joint that is thrown off every fail-safe trajectory latches at once, " + "also while it brakes for a late command",
  () => {
    const rig = new Rig();
    rig.run(0.6);
    rig.delay = 1;
    rig.run(0.12);
    assert.equal(rig.r.reason.by, "late_command");
    rig.q[3] += 0.03; // sideways
    rig.blocked = true;
    rig.run(0.02);
    assert.deepEqual([rig.r.state.next, rig.r.reason.by], ["latched", "tracking"]);
  },
);

test("a blocked arm, and one whose sensor froze, brake and latch", () => {
  for (const frozen of [false, true]) {
    const rig = new Rig();
    rig.run(0.6);
    if (frozen) {
      const q = rig.q.slice(),
        { observe } = rig.r;
      rig.r.observe = (t, _, v) => observe.call(rig.r, t, q.slice(), v);
    } else rig.blocked = true;
    rig.run(0.15);
    assert.equal(rig.r.state.mode, "stopping");
    rig.run(0.6);
    assert.deepEqual([rig.r.state.mode, rig.r.reason.by], ["latched", "tracking"]);
  }
});

test("between tasks an arm at rest may be moved by others, and the next task begins where it then is", () => {
  const rig = new Rig();
  rig.run(0.6);
  rig.r.follow(undefined);
  rig.run(0.6);
  rig.r.engage(false);
  rig.q[2] += 0.1;
  rig.run(0.05);
  assert.deepEqual([rig.r.state.mode, rig.r.state.next], ["active", "active"]);
  rig.r.engage(true);
  rig.r.follow(plan(rig.t + 0.05, rig.q.slice()));
  const before = rig.q[2];
  rig.run(0.3);
  assert.equal(rig.r.state.mode, "active");
  assert.ok(Math.abs(rig.q[2] - before) < 1e-3 && rig.v[0] > 0.5);
});

test(
  "an arm at rest that is found elsewhere latches while we are in charge: " +
    "a command that begins there would make the controller leap",
  () => {
    const rig = new Rig();
    rig.run(0.6);
    rig.r.follow(undefined);
    rig.run(0.6);
    assert.deepEqual([rig.r.state.mode, rig.v[0]], ["active", 0]);
    rig.push(0.1);
    rig.run(0.05);
    assert.deepEqual([rig.r.state.next, rig.r.reason.by], ["latched", "moved"]);
    rig.r.apply("reset"); // a person has looked: it begins where it is
    rig.r.follow(plan(rig.t + 0.05, rig.q.slice()));
    const before = rig.q[2];
    rig.run(0.3);
    assert.equal(rig.r.state.mode, "active");
    assert.ok(Math.abs(rig.q[2] - before) < 1e-3 && rig.v[0] > 0.5);
  },
);
