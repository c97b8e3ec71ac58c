import assert from "node:assert/strict";
import { test } from "node:test";
import { isLeap } from "../../src/reflex/isLeap.js";
import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, world } from "../guardrails/setups.js";
import { turning } from "../guardrails/turning.js";

/**
 * Nobody else moves this arm: so each command must begin on the path in force, whatever happens to clock, servo, task
 * and mode together. The paths are kept by true time, which the reflex does not know.
 */
const a = arm("arm7"),
  n = a.nq,
  LEAD = 0.033;
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

class Rig {
  readonly reflex: Reflex;
  readonly leap = { q: 0, v: 0 }; // rad, rad/s: the farthest that a command began from the path in force
  sent = 0;
  behind = 0; // s, of the clock, by which it was set back
  old = 0; // s, of joint states
  off = 0; // rad, by which a joint is found off
  mistold = 0; // s, by which the reflex is told wrongly how far the clock was set
  private t = 0;
  private shown = -Infinity;
  private readonly paths: Command[] = [];

  /** @param late s, of the servo, as declared */
  constructor(
    private readonly late: number,
    private readonly dt = 0.01,
  ) {
    this.reflex = new Reflex({
      limits: a.limits,
      sweep: new Sweep(a),
      guardrails: [],
      dt,
      staleAfter: 0.1,
      trackingError: 0.02,
      delay: late,
    });
    this.reflex.apply("configure");
    this.run(0.2);
    this.reflex.apply("activate");
    this.run(0.2);
  }

  run(seconds: number, speed = 0): this {
    const { reflex, dt, leap } = this;
    for (const end = this.t + seconds; this.t < end - 1e-9; this.t = Math.round((this.t + dt) * 1e6) / 1e6) {
      const now = this.t - this.behind;
      const step = now - this.shown - dt;
      // as the reflex's thread does
      if (isLeap(step) && step < Infinity) reflex.forget("clock_jump", step + this.mistold);
      this.shown = now;
      const { q, v } = this.desired(this.t - this.late - this.old);
      q[3] += this.off;
      reflex.observe(now - this.old, q, v);
      if (speed !== 0) reflex.follow(turning(now, reflex.q, speed));
      const c = reflex.tick(now + LEAD, world(now));
      if (c === undefined) continue;
      const from = this.desired(c.stamp + this.behind);
      for (let j = 0; j < n; j++)
        ((leap.q = Math.max(leap.q, Math.abs(c.q[j] - from.q[j]))),
          (leap.v = Math.max(leap.v, Math.abs(c.v[j] - from.v[j]))));
      this.paths.push({ ...c, stamp: c.stamp + this.behind, q: c.q.slice(), v: c.v.slice() });
      this.sent++;
      reflex.commit(c);
    }
    return this;
  }

  private desired(t: number): { q: Float64Array; v: Float64Array } {
    const q = start.slice(),
      v = new Float64Array(n),
      c = this.paths.findLast(({ stamp }) => stamp <= t + 1e-9);
    if (c !== undefined) sampleCommand(q, v, c, t);
    return { q, v };
  }
}

const NOISE = 1e-3; // rad: where nothing is in force the arm is taken to be where it is measured, once it rests

test("a task that begins before the servo has done what was sent: its first command begins where that ends", () => {
  for (const late of [0, 0.05, 0.1, 0.2])
    for (const on of [0.03, 0.07, 0.1, 0.18])
      for (const gap of [0, 0.05, 0.07, 0.09, 0.15]) {
        const rig = new Rig(late).run(on, 1.5);
        rig.reflex.follow(undefined);
        rig.run(gap);
        rig.reflex.engage(true);
        const before = rig.sent;
        rig.run(0.8, -1.5);
        assert.ok(
          rig.leap.q < NOISE && rig.sent > before + 10,
          `${late} s late, task after ${on} + ${gap} s: ${rig.leap.q} rad, ${rig.sent - before} commands`,
        );
      }
});

test(
  "a clock that is set back before the servo has done what was sent, " +
    "and joint states that are old: the next command begins where that ends",
  () => {
    for (const late of [0, 0.05, 0.2])
      for (const old of [0, 0.06])
        for (const on of [0.03, 0.08, 0.12, 0.18, 0.4])
          for (const back of [0.15, 0.2, 2]) {
            const rig = new Rig(late);
            rig.old = old;
            rig.run(0.2).run(on, 1.5);
            rig.behind += back;
            const before = rig.sent;
            rig.run(1.5, -1.5);
            assert.ok(
              rig.leap.q < NOISE && rig.sent > before + 10,
              `${late} s late, states ${old} s old, set back by ${back} s after ${on} s: ${rig.leap.q} rad, ` +
                `${rig.sent - before} commands`,
            );
          }
  },
);

test("how far the clock was set is known badly: nothing leaves by it before the arm is seen to rest", () => {
  for (const mistold of [-0.06, -0.03, 0.03, 0.06])
    for (const on of [0.1, 0.18, 0.4]) {
      const rig = new Rig(0).run(0.2).run(on, 1.5);
      rig.mistold = mistold;
      rig.behind += 0.3;
      const before = rig.sent;
      rig.run(1.5, -1.5);
      assert.ok(
        rig.leap.q < NOISE && rig.leap.v < NOISE && rig.sent > before + 10,
        `told ${mistold} s wrong after ${on} s: ${rig.leap.q} rad, ${rig.leap.v} rad/s, ${rig.sent - before} commands`,
      );
    }
});

test(
  "a clock that is set back while the arm rests inactive or latched: " +
    "what was sent is not gone through again after activation or reset",
  () => {
    for (const [end, begin] of [
      ["deactivate", "activate"],
      ["fault", "reset"],
    ] as const)
      for (const back of [0.15, 0.5, 2])
        for (const wait of [0.01, 0.03, 0.1, 0.3]) {
          const rig = new Rig(0).run(0.5, 1.5);
          rig.reflex.apply(end, "somebody");
          rig.run(0.8);
          rig.behind += back;
          rig.run(wait);
          rig.reflex.apply(begin);
          const before = rig.sent;
          rig.run(1.5, -1.5);
          assert.ok(
            rig.leap.q < NOISE && rig.leap.v < 1e-9 && rig.sent > before + 10,
            `${end}, set back by ${back} s, ${begin} after ${wait} s: ${rig.leap.q} rad, ${rig.leap.v} rad/s, ` +
              `${rig.sent - before} commands`,
          );
        }
  },
);

test("an arm that leaves its path is told at once at every period, however late servo and joint states are", () => {
  for (const dt of [0.001, 0.002, 0.01])
    for (const [late, old] of [
      [0, 0.08],
      [0.05, 0.02],
      [0.1, 0.08],
      [0.2, 0.08],
    ]) {
      const rig = new Rig(late, dt);
      rig.old = old;
      rig.run(0.4, 0.5);
      rig.off = 0.025;
      rig.run(0.02, 0.5);
      assert.ok(
        rig.reflex.state.mode !== "active",
        `period ${dt} s, ${late} s late, states ${old} s old: ${rig.reflex.state.mode}`,
      );
    }
});
