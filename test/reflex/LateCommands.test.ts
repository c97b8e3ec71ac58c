import assert from "node:assert/strict";
import { test } from "node:test";
import { LateCommands } from "../../src/reflex/LateCommands.js";
import { Reflex } from "../../src/reflex/Reflex.js";
import { SentCommands } from "../../src/reflex/SentCommands.js";
import type { Command } from "../../src/core/Command.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, world } from "../guardrails/setups.js";

const a = arm("arm7"),
  n = a.nq,
  dt = 0.01;
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

/** A second of joint 1 at 1 rad/s from rest, then on. */
function plan(stamp: number, q: Float64Array): Plan {
  const H = 30,
    qs = new Float64Array((H + 1) * n),
    vs = new Float64Array((H + 1) * n);
  for (let h = 0; h <= H; h++) {
    qs.set(q, h * n);
    vs[h * n] = Math.min(1, 0.8 * h);
    qs[h * n] = h === 0 ? q[0] : qs[(h - 1) * n] + 0.05 * (vs[h * n] + vs[(h - 1) * n]);
  }
  return {
    level: "motion",
    stamp,
    dt: 0.1,
    H,
    substeps: 1,
    nu: n,
    nq: n,
    a: new Float32Array(0),
    q: qs,
    v: vs,
    z: new Float32Array(0),
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 1,
    rollouts: 1,
    time: 0,
  };
}

/**
 * A reflex and a controller to which commands come late by what `delay` says; the controller leaps to them, as
 * ros2_control's does.
 */
class Rig {
  readonly r = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [],
    dt,
    staleAfter: 0.1,
    trackingError: 0.02,
  });
  readonly q = start.slice();
  readonly v = new Float64Array(n);
  delay = 0;
  blocked = false; // the joints stay where they are
  held = false; // commands alone lie on the way, and come all at once when they are let go
  lag = 0; // steps that the joints are behind what the controller wants
  closed = false; // nothing comes or goes, either way; all of it once the way is open again
  every = 1; // steps between two measurements
  old = 0; // steps that a measurement takes to come
  sent = 0; // commands
  leap = 0; // rad, the farthest that a joint went in one step beyond its speed
  t = 0;
  private readonly way: { at: number; c: Command }[] = [];
  private readonly past: { readonly t: number; readonly q: Float64Array; readonly v: Float64Array }[] = [];
  private readonly wanted: { readonly q: Float64Array; readonly v: Float64Array }[] = []; // by the controller
  private last: Command | undefined;

  constructor() {
    this.r.apply("configure");
    this.r.apply("activate");
    this.r.observe(0, this.q, this.v);
    this.r.follow(plan(0.05, start));
  }

  /** Somebody moves joint 3, and the controller holds it there. */
  push(by: number): void {
    this.last = undefined;
    this.q[2] += by;
  }

  run(seconds: number): void {
    for (let k = Math.round(seconds / dt); k > 0; k--) {
      const before = this.q.slice(),
        speed = Math.max(...this.v.map(Math.abs));
      while (this.way.length > 0 && this.way[0].at <= this.t + 1e-9 && !this.closed && !this.held)
        this.last = this.way.shift()!.c;
      if (this.last !== undefined && this.t >= this.last.stamp && !this.blocked) {
        const wanted = { q: new Float64Array(n), v: new Float64Array(n) };
        sampleCommand(wanted.q, wanted.v, this.last, this.t);
        this.wanted.push(wanted);
        const { q, v } = this.wanted.at(-1 - this.lag) ?? this.wanted[0];
        this.q.set(q);
        this.v.set(v);
      }
      this.leap = Math.max(this.leap, ...this.q.map((x, j) => Math.abs(x - before[j]) - speed * dt));
      this.past.push({ t: this.t, q: this.q.slice(), v: this.v.slice() });
      const seen = this.past.at(-1 - this.old);
      if (!this.closed && k % this.every === 0 && seen !== undefined) this.r.observe(seen.t, seen.q, seen.v);
      const c = this.r.tick(this.t + dt, world(this.t));
      if (c !== undefined) {
        this.r.commit(c);
        this.sent++;
        if (this.delay < Infinity)
          this.way.push({ at: this.t + this.delay, c: { ...c, q: c.q.slice(), v: c.v.slice() } });
      }
      this.t += dt;
    }
  }
}

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
