import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { a, n, dt, moving, start, near, Loop, urgent } from "./Loop.js";

// Where to stop is urgent, the fail-safe trajectory of a command sent before is sent again, so that the arm need not go
// through all the steps sent ahead.

for (const [what, happens] of Object.entries(urgent))
  test(
    `${what}: the set-point brakes from the first knot 2 ms or more after the next tick, ` +
      "as hard as it may, to rest",
    () => {
      for (let seed = 1; seed <= 20; seed++) {
        const l = new Loop().until(0.1 + dt * Math.floor(new Rng(seed).range(0, 20)));
        const from = l.t;
        happens(l);
        const path = [...l.setPoints()],
          fastest = Math.max(...path.map((p) => p.v));
        for (const { t, v } of path.filter((p) => p.t > from + 0.003 + 1e-9)) {
          const before = path.find((p) => Math.abs(p.t - (t - 0.001)) < 1e-9)!.v;
          assert.ok(
            v <= before + 1e-9 && (v < 1e-9 || before - v > 0.9 * a.limits.acceleration[0] * 0.001),
            `seed ${seed}: ${before} → ${v} rad/s at ${t - from} s`,
          );
        }
        assert.ok(path.at(-1)!.t - from <= 0.003 + fastest / a.limits.acceleration[0] + dt);
      }
    },
  );

test(
  "the fail-safe trajectory that is sent again is, bit for bit, the end of a command that was sent, " +
    "still to come when it is, and the path meets it without a leap",
  () => {
    for (let seed = 1; seed <= 30; seed++) {
      const rng = new Rng(seed);
      const l = new Loop(seed % 2 === 0 ? 0.033 : 0.0315); // with the second the next knot is nearer than 2 ms
      l.loses = () => rng.uniform() < 0.3;
      l.until(0.1 + dt * Math.floor(rng.range(0, 20)));
      const [before, last] = [l.sent.slice(), l.sent.at(-1)!.command];
      l.loses = () => false;
      l.bodies.push(near);
      l.tick();
      const again = l.sent[before.length];
      if (again === undefined) continue; // the path sent had no step left
      const { now, command: failSafe } = again;
      assert.ok(failSafe.stamp >= now + 0.002 && failSafe.stamp <= last.stamp);
      assert.ok(failSafe.v.subarray((failSafe.N - 1) * n).every((v) => v === 0));
      const of = before.find(
        ({ command: c }) =>
          c.N > failSafe.N && c.q.subarray((c.N - failSafe.N) * n).every((x, i) => x === failSafe.q[i]),
      )!;
      assert.ok(Math.abs(of.command.stamp + (of.command.N - failSafe.N) * dt - failSafe.stamp) < 1e-9);
      const inForce = before.findLast(({ command: c }) => c.stamp < failSafe.stamp - 1e-6)!.command,
        q = new Float64Array(n),
        v = new Float64Array(n);
      sampleCommand(q, v, inForce, failSafe.stamp);
      q.forEach((x, j) => assert.ok(Math.abs(x - failSafe.q[j]) < 1e-9 && Math.abs(v[j] - failSafe.v[j]) < 1e-9));
    }
  },
);

test(
  "one that did not leave is tried again at the next tick, " + "from a later knot; once on it nothing more is sent",
  () => {
    const l = new Loop().until(0.2);
    l.bodies.push(near);
    const count = l.sent.length,
      stamps: number[] = [];
    l.loses = (c) => stamps.push(c.stamp) === 1;
    for (let k = 0; k < 6; k++) l.tick();
    assert.equal(stamps.length, 2);
    assert.ok(Math.abs(stamps[1] - stamps[0] - dt) < 1e-9);
    assert.equal(l.sent.length, count + 1);
  },
);

test("where the arm comes to rest anyway before any knot that can still be changed, nothing is sent", () => {
  const l = new Loop().until(0.2);
  l.reflex.follow(undefined);
  l.until(0.2 + 0.2); // on the fail-safe trajectory of the last command, whose stop has all but ended
  while (!l.reflex.idle(l.t + 0.003 + dt)) l.tick();
  const count = l.sent.length;
  l.bodies.push(near);
  for (let k = 0; k < 4; k++) l.tick();
  assert.equal(l.sent.length, count);
});

test("silent joint states brake from the first knot that a message surely reaches in time", () => {
  const l = new Loop().until(0.2);
  l.blind = true;
  l.until(0.31);
  assert.deepEqual([l.reflex.state.mode, l.reflex.reason.by], ["stopping", "stale_joint_states"]);
  const { command, now } = l.sent.at(-1)!;
  const ahead = command.stamp - now;
  assert.ok(ahead > 0.012 && ahead < 0.022, `begins ${ahead} s ahead`);
  assert.ok(command.stamp < l.sent.at(-2)!.command.stamp);
});

test(
  "where only a thing that stands still objects, " + "the fail-safe trajectory held already is as good, and goes on",
  () => {
    const l = new Loop().until(0.2);
    l.reflex.guard([
      new KeepOut(
        "keep_out",
        [{ kind: "box", center: [0, 0, 0], size: [4, 4, 4], orientation: [0, 0, 0, 1] }],
        moving,
        0.01,
      ),
    ]);
    const count = l.sent.length;
    l.until(0.3);
    assert.equal(l.reflex.reason.by, "keep_out");
    assert.equal(l.sent.length, count);
  },
);

test("an arm that is not where it was commanded to be is sent nothing", () => {
  const l = new Loop().until(0.2);
  const count = l.sent.length;
  l.blind = true;
  l.reflex.observe(
    0.19,
    start.map((x) => x + 1),
    new Float64Array(n),
  );
  assert.equal(l.reflex.reason.by, "tracking");
  l.until(0.3);
  assert.equal(l.sent.length, count);
});
