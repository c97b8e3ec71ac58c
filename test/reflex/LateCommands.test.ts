import assert from "node:assert/strict";
import { test } from "node:test";
import { LateCommands } from "../../src/reflex/LateCommands.js";
import { SentCommands } from "../../src/reflex/SentCommands.js";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { dt, plan, Rig } from "./LateRig.js";

// Commands that come late, or not at all: the arm brakes, and only one that is lost latches.

test("commands that lie on the way for some time brake the arm and latch nothing; at rest it can go on", () => {
  for (const delay of [0.1, 0.2]) {
    const rig = new Rig();
    rig.run(0.6);
    assert.ok(rig.v[0] > 0.9);
    rig.delay = delay;
    rig.run(0.15);
    assert.deepEqual(
      [rig.r.state.mode, rig.r.state.next, rig.r.reason.by],
      ["stopping", "active", "late_command"],
      `delay ${delay}`,
    );
    rig.delay = 0;
    rig.run(1);
    assert.equal(rig.r.state.mode, "active");
    assert.ok(
      rig.v.every((x) => Math.abs(x) < 1e-9),
      "nothing moves by itself",
    );
    rig.r.follow(plan(rig.t + 0.05, rig.q));
    rig.run(0.6);
    assert.deepEqual([rig.r.state.mode, rig.v[0] > 0.9], ["active", true]);
  }
});

test(
  "where the way to the arm is closed both ways and then lets all through at once, " +
    "the controller leaps no farther than the arm went in 30 ms",
  () => {
    for (let closed = 0.04; closed < 0.5; closed += 0.01) {
      const rig = new Rig();
      rig.run(0.6);
      rig.closed = true;
      rig.run(closed);
      rig.closed = false;
      rig.run(0.02);
      assert.ok(rig.leap <= 0.03 + 1e-9, `closed for ${closed.toFixed(2)} s: ${rig.leap} rad`);
    }
  },
);

test(
  "where commands alone lie on the way for some time and then come all at once, " +
    "the controller leaps no farther than the arm went in 30 ms, and nothing latches",
  () => {
    for (const every of [1, 2])
      for (const old of [0, 1])
        for (let held = 0.04; held < 0.3; held += 0.01) {
          const rig = new Rig();
          [rig.every, rig.old] = [every, old];
          rig.run(0.6);
          rig.held = true;
          rig.run(held);
          rig.held = false;
          rig.run(0.02);
          assert.ok(
            rig.leap <= 0.03 + 1e-9,
            `every ${every}, ${old} late, held for ${held.toFixed(2)} s: ${rig.leap} rad`,
          );
          rig.run(1);
          assert.equal(rig.r.state.mode, "active");
        }
  },
);

test("an arm whose joints lag behind as they always do is not taken for one that gets its commands late", () => {
  const rig = new Rig();
  rig.lag = 1;
  rig.run(0.8);
  assert.deepEqual([rig.r.state.mode, rig.r.reason.by, rig.v[0] > 0.9], ["active", "", true]);
});

test(
  "an arm that is some millimetres off the path where it slows down is late if it goes as fast as an older " +
    "fail-safe trajectory " +
    "says, " +
    "and is not if it goes as fast as it is told",
  () => {
    const A = 6,
      // way, speed
      at = (t: number, v: number, rate: number): [number, number] => [v * t - 0.5 * rate * t * t, v - rate * t];
    for (let seed = 1; seed <= 200; seed++) {
      const rng = new Rng(seed),
        rate = rng.range(0.4, 0.8) * A,
        v0 = rng.range(2.2, 2.8),
        late = new LateCommands(1, 0.05),
        sent = new SentCommands(dt, 1);
      for (let k = 0; k <= 20; k++) {
        const [q0, speed] = at(k * dt, v0, rate),
          [way, next] = at(dt, speed, rate),
          q = [q0, q0 + way],
          v = [speed, next];
        for (let s = next, x = q0 + way; s > 0;) {
          const to = Math.max(0, s - A * dt);
          x += 0.5 * (s + to) * dt;
          q.push(x);
          v.push((s = to));
        }
        sent.add({ stamp: k * dt, dt, N: q.length, nq: 1, q: Float64Array.from(q), v: Float64Array.from(v) });
      }
      const t = 20 * dt + rng.range(0, dt),
        [q, v] = at(t, v0, rate);
      assert.equal(
        late.behind(sent, t, Float64Array.of(q - rng.range(0.005, 0.008)), Float64Array.of(v + rng.range(-0.02, 0.02))),
        undefined,
        `seed ${seed}: as fast as it is told`,
      );
      const old = sent.list[20 - Math.floor(rng.range(13, 18))],
        x = new Float64Array(1),
        u = new Float64Array(1);
      sampleCommand(x, u, old, t);
      if (Math.abs(x[0] - q) < 0.0055 && Math.abs(u[0] - v) < 0.26) continue; // not yet off the path
      const found = late.behind(sent, t, x, u);
      assert.ok(found !== undefined, `seed ${seed}: ${q - x[0]} m behind, ${v - u[0]} slower`);
      const y = new Float64Array(1),
        w = new Float64Array(1);
      sampleCommand(y, w, found, t);
      assert.ok(Math.abs(y[0] - x[0]) <= 0.0025 && Math.abs(w[0] - u[0]) <= 0.125);
    }
  },
);

test("an arm whose sensor speaks seldom, or late, but as ever, is led on at every step", () => {
  for (const [every, old] of [
    [5, 0],
    [1, 6],
    [3, 4],
  ]) {
    const rig = new Rig();
    rig.every = every;
    rig.old = old;
    rig.run(0.1);
    const before = rig.sent;
    rig.run(0.5);
    assert.deepEqual(
      [rig.r.state.mode, rig.sent - before, rig.v[0] > 0.9],
      ["active", 50, true],
      `every ${every}, ${old} late`,
    );
  }
});

test(
  "commands that are lost brake: the arm rests where the fail-safe trajectory that it holds leads, " +
    "and where it is known to be; if those that shall lead it on from there are lost too it latches",
  () => {
    const rig = new Rig();
    rig.run(0.6);
    rig.delay = Infinity;
    rig.run(0.15);
    assert.deepEqual([rig.r.state.mode, rig.r.reason.by], ["stopping", "late_command"]);
    rig.run(0.8);
    assert.equal(rig.r.state.mode, "active");
    assert.ok(
      rig.r.commanded.q.every((x, j) => Math.abs(x - rig.q[j]) < 1e-6),
      "commanded and true joints differ at rest",
    );
    rig.r.follow(plan(rig.t + 0.05, rig.q));
    rig.run(1);
    assert.deepEqual([rig.r.state.mode, rig.r.reason.by], ["latched", "tracking"]);
    rig.r.apply("reset");
    rig.delay = 0;
    rig.r.follow(plan(rig.t + 0.05, rig.q));
    rig.run(0.6);
    assert.deepEqual([rig.r.state.mode, rig.v[0] > 0.9], ["active", true]);
  },
);
