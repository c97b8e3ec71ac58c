import assert from "node:assert/strict";
import { test } from "node:test";
import { isLeap } from "../../src/reflex/isLeap.js";
import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import { JoinedCommands } from "../../src/core/commands/JoinedCommands.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import { arm, world } from "../guardrails/setups.js";
import { turning } from "../guardrails/turning.js";

/**
 * What the arm is moved from: only where it was seen to rest, or along what was sent before. Judged by the controller
 * alone, whose desired state may not leap.
 */
const a = arm("arm7"),
  dt = 0.01,
  LEAD = 0.033;
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

class Rig {
  readonly controller = new JointTrajectoryController(a.jointNames);
  readonly reflex = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [],
    dt,
    staleAfter: 0.1,
    trackingError: 0.05,
  });
  readonly sent: Command[] = [];
  private readonly joined = new JoinedCommands(LEAD);
  t = 0;
  clock = (t: number): number => t; // the agent's
  measured = (q: Float64Array): Float64Array => q;
  leap = 0; // rad/s, the greatest change of a joint's speed in a period, of what A allows
  private shown = -Infinity;

  constructor() {
    this.controller.hold(start);
    this.reflex.apply("configure");
  }

  /** Another program turns joint 1 at `speed`, for ever. */
  turn(speed: number): void {
    const point = (k: number) => ({
      positions: start.map((x, j) => (j === 0 ? x + speed * k : x)),
      velocities: start.map((_, j) => (j === 0 ? speed : 0)),
      accelerations: [],
      timeFromStart: k,
    });
    const refusal = this.controller.accept(
      { jointNames: a.jointNames, points: [point(1e-6), { ...point(1), velocities: start.map(() => 0) }] },
      this.t,
    );
    assert.equal(refusal, undefined);
  }

  run(seconds: number, plan: (t: number) => Plan | undefined = () => undefined): this {
    for (const end = this.t + seconds; this.t < end - 1e-9; this.t = Math.round((this.t + dt) * 1e6) / 1e6) {
      const { controller, reflex, t } = this,
        before = controller.v.slice();
      controller.sample(t);
      if (this.sent.length > 0)
        controller.v.forEach(
          (v, j) => (this.leap = Math.max(this.leap, Math.abs(v - before[j]) / (a.limits.acceleration[j] * dt))),
        );
      const now = this.clock(t);
      const step = now - this.shown - dt;
      if (isLeap(step) && step < Infinity) reflex.forget("clock_jump", step);
      this.shown = now;
      if (t <= now + 0.02) reflex.observe(t, this.measured(controller.q.slice()), controller.v.slice());
      const p = plan(now);
      if (p !== undefined) reflex.follow(p);
      const c = reflex.tick(now + LEAD, world(now));
      if (c === undefined) continue;
      this.sent.push({ ...c, q: c.q.slice(), v: c.v.slice() });
      const { origin, since, knots } = this.joined.of(c);
      controller.accept(
        {
          stamp: origin + since,
          jointNames: a.jointNames,
          points: knots.map((k) => ({ positions: k.q, velocities: k.v, accelerations: [], timeFromStart: k.t })),
        },
        t,
      );
      reflex.commit(c);
    }
    return this;
  }
}

const follow =
  (rig: Rig, speed = 1) =>
  (now: number): Plan =>
    turning(now, rig.reflex.q, speed);

for (const late of [0, 0.05, 0.3])
  test(
    `activated ${late} s after it began to listen, while another program moves the arm: ` +
      "nothing leaves until the arm was seen to rest, and then it moves",
    () => {
      for (const speed of [2, 0.5, -1]) {
        const rig = new Rig();
        rig.turn(speed);
        rig.run(late);
        rig.reflex.apply("activate");
        rig.run(0.8 - late, follow(rig));
        assert.deepEqual([rig.sent.length, rig.reflex.reason.by], [0, "not_at_rest"]);
        rig.run(0.7, follow(rig));
        assert.ok(rig.sent.length > 10 && rig.leap < 1.01, `${rig.sent.length} commands, ${rig.leap} A`);
      }
    },
  );

test("a task that begins while another program moves the arm waits for its rest", () => {
  const rig = new Rig();
  rig.reflex.apply("activate");
  rig.run(0.5);
  rig.reflex.engage(false);
  rig.turn(1.5);
  rig.run(0.4);
  rig.reflex.engage(true);
  rig.run(0.5, follow(rig));
  assert.equal(rig.sent.length, 0);
  rig.run(0.6, follow(rig));
  assert.ok(rig.sent.length > 10 && rig.leap < 1.01, `${rig.leap} A`);
});

test(
  "leaps of the clock in motion, back and forth, of any size and length: the desired state never leaps, " +
    "no fail-safe trajectory of another time is sent, and the arm goes on once it was seen to rest",
  () => {
    for (let seed = 1; seed <= 30; seed++) {
      const rig = new Rig(),
        rng = new Rng(seed),
        from = rng.range(0.5, 0.9),
        lasts = rng.range(0.02, 0.3),
        by = rng.range(-0.4, -0.11);
      rig.clock = (t) => (t >= from && t < from + lasts ? t + by : t);
      rig.reflex.apply("activate");
      rig.run(1.3, follow(rig));
      assert.ok(rig.leap < 1.01, `seed ${seed}: ${rig.leap} A`);
      assert.ok(
        rig.sent
          .filter(({ stamp }) => stamp > from + by && stamp < from)
          .every((c, i, all) => i === 0 || c.stamp > all[i - 1].stamp),
        "stamps of the past",
      );
      const before = rig.sent.length;
      rig.run(1, follow(rig));
      assert.equal(rig.reflex.state.mode, "active");
      assert.ok(rig.sent.length > before + 20 && rig.leap < 1.01, `seed ${seed}: goes on`);
    }
  },
);

test(
  "a clock that is set back and stays so: nothing is sent while the arm brakes on its fail-safe trajectory, " +
    "and until then it is not told to be idle",
  () => {
    const rig = new Rig();
    rig.reflex.apply("activate");
    rig.run(0.6, follow(rig));
    const before = rig.sent.length;
    rig.clock = (t) => t - 30;
    for (let k = 0; k < 8; k++) {
      rig.run(dt, follow(rig));
      const moves = Math.max(...rig.controller.v.map(Math.abs)) > 0.05;
      assert.ok(moves && !rig.reflex.idle(rig.t - 30) && rig.sent.length === before, `${k}`);
    }
    rig.run(0.3);
    assert.ok(rig.reflex.idle(rig.t - 30) && rig.sent.length === before && rig.leap < 1.01);
  },
);

test(
  "after a brake the arm goes on only once it is measured at rest, " + "though the fail-safe trajectory has ended",
  () => {
    const rig = new Rig();
    rig.reflex.apply("activate");
    rig.run(0.6, follow(rig));
    rig.reflex.apply("brake", "test");
    let k = 0;
    // it swings, within its tracking error
    rig.measured = (q) => (k++, q.map((x, j) => (j === 2 ? x + 0.015 * Math.sin(k) : x)));
    rig.run(1);
    assert.equal(rig.reflex.state.mode, "stopping");
    rig.measured = (q) => q;
    rig.run(0.2);
    assert.equal(rig.reflex.state.mode, "active");
  },
);

test(
  "what would begin elsewhere than the arm was measured to go does not leave; " +
    "the arm goes on along its fail-safe trajectory, and the reason is told",
  () => {
    const rig = new Rig();
    rig.reflex.apply("activate");
    rig.run(0.6, follow(rig));
    const before = rig.sent.length;
    rig.reflex.follow(turning(rig.t, rig.reflex.q, 1));
    rig.reflex.observe(rig.t - 0.001, rig.controller.q.slice(), rig.controller.v.slice());
    const off = rig.controller.q.map((x, j) => (j === 0 ? x + 0.2 : x));
    (rig.reflex as unknown as { measured: { late: object } }).measured.late = {
      distance: () => 0,
      behind: () => undefined,
      explain: () => true,
    }; // whoever else would object is silent
    for (let k = 0; k < 3; k++) rig.reflex.observe(rig.t + k * 1e-4, off, rig.controller.v.slice());
    assert.equal(rig.reflex.tick(rig.t + LEAD, world(rig.t)), undefined);
    assert.deepEqual(
      [rig.reflex.reason.by, rig.reflex.trips.measured_state, rig.sent.length],
      ["measured_state", 1, before],
    );
    rig.reflex.follow(undefined);
    rig.run(0.5);
    assert.ok(rig.controller.v.every((v) => Math.abs(v) < 1e-9) && rig.leap < 1.01);
  },
);
