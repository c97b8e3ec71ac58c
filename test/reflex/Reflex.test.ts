import assert from "node:assert/strict";
import { test } from "node:test";
import { Reflex } from "../../src/reflex/Reflex.js";
import { Rng } from "../../src/core/math/Rng.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import type { Shape } from "../../src/core/geometry/Shape.js";
import { a, n, dt, moving, start, reflex, plan, Follower, run, still } from "./Follower.js";

// The reflex follows plans, stops and resumes.

test("a plan is followed; when it ends, the arm brakes to rest", () => {
  const r = reflex(),
    f = new Follower();
  r.observe(0, f.q, f.v);
  r.follow(plan(0.05, start, new Float64Array(n), (j) => (j === 0 ? 0.8 : 0), 5));
  run(r, f, 0, 0.4);
  assert.ok(f.v[0] > 0.5);
  run(r, f, 0.4, 1.5);
  assert.ok(still(f, 1.5) && r.idle(1.5));
});

test(
  "a command that was withdrawn never happened: " +
    "the next is anchored on the fail-safe trajectory of the last that left",
  () => {
    const r = reflex(),
      f = new Follower(),
      rng = new Rng(1);
    r.observe(0, f.q, f.v);
    r.follow(plan(0, start, new Float64Array(n), (j) => (j === 0 ? 1 : 0.3), 30));
    const last = new Follower();
    run(r, f, 0, 2.5, (t) => {
      const leaves = rng.uniform() < 0.6;
      (last.q.set(f.at(t + dt).q), last.v.set(f.v));
      f.at(t);
      return { leaves };
    });
    assert.equal(r.state.mode, "active"); // no tracking fault: reflex and follower agree all the way
    assert.ok(r.checks > 100);
  },
);

test("joint states older than allowed brake, and motion goes on only at rest and with fresh ones", () => {
  const r = reflex(),
    f = new Follower();
  r.observe(0, f.q, f.v);
  const p = plan(0, start, new Float64Array(n), () => 0.5, 30);
  r.follow(p);
  run(r, f, 0, 0.5);
  run(r, f, 0.5, 0.65, () => ({ blind: true }));
  assert.deepEqual([r.state.mode, r.reason.by], ["stopping", "stale_joint_states"]);
  run(r, f, 0.65, 1.2, () => ({ blind: true }));
  assert.ok(still(f, 1.2));
  assert.equal(r.state.mode, "stopping");
  run(r, f, 1.2, 1.3);
  assert.equal(r.state.mode, "active");
  assert.ok(still(f, 1.3)); // and nothing moves by itself
});

test("an arm that is not where it was commanded to be latches, whatever the number, NaN too", () => {
  for (const off of [0.05, -0.05, NaN, Infinity]) {
    const r = reflex(),
      f = new Follower();
    r.observe(0, f.q, f.v);
    r.follow(plan(0, start, new Float64Array(n), () => 0.5, 30));
    run(r, f, 0, 0.5);
    const q = f.at(0.5).q.slice();
    q[3] += off;
    r.observe(0.5, q, f.v);
    assert.deepEqual([r.state.mode, r.state.next, r.reason.by], ["stopping", "latched", "tracking"]);
    r.apply("fault", "later");
    assert.equal(r.reason.by, "tracking"); // the first reason is the one told
    run(r, f, 0.5, 1.2);
    assert.equal(r.state.mode, "latched");
    assert.ok(still(f, 1.2));
    r.apply("reset");
    run(r, f, 1.2, 1.4);
    assert.ok(still(f, 1.4)); // reset starts no motion
  }
});

test(
  "an arm that stands in a keep-out's clearance backs out of it when no plan is admissible, " +
    "and its margin only grows",
  () => {
    const oracle = new OracleGeometry(a),
      sweep = new Sweep(a);
    const least = (q: Float64Array, s: Shape): number =>
      Math.min(...Array.from(moving, (c) => oracle.place(q).toShape(c, s)));
    let tried = 0;
    for (let seed = 0; tried < 12 && seed < 400; seed++) {
      const rng = new Rng(seed),
        f = new Follower();
      const box: Shape = {
        kind: "box",
        center: [rng.range(0.2, 0.5), rng.range(-0.2, 0.2), rng.range(0.2, 0.6)],
        size: [0.05, 0.05, 0.05],
        orientation: [0, 0, 0, 1],
      };
      if (!(least(start, box) > 0.002 && least(start, box) < 0.008)) continue;
      tried++;
      const r = new Reflex({
        limits: a.limits,
        sweep,
        guardrails: [new KeepOut("box", [box], moving, 0.01)],
        dt,
        staleAfter: 0.1,
        trackingError: 0.02,
      });
      (r.apply("configure"), r.apply("activate"));
      r.observe(0, f.q, f.v);
      r.recover();
      let best = least(start, box);
      run(r, f, 0, 3, (t) => {
        const now = least(f.at(t).q, box);
        assert.ok(now >= best - 1e-3 - 1e-9);
        best = Math.max(best, now);
        return {};
      });
      assert.ok(least(f.q, box) > 0.01, `ends ${least(f.q, box)} m away, began ${least(start, box)}`);
      assert.ok(still(f, 3.2));
    }
    assert.ok(tried >= 5, `${tried} boxes`);
  },
);

test(
  "other limits while the arm moves: it comes to rest on the fail-safe trajectory made under the old ones, " +
    "and only then goes on, within the new ones",
  () => {
    const r = reflex(),
      f = new Follower(),
      slow = {
        ...a.limits,
        velocity: a.limits.velocity.map(() => 1.05),
        acceleration: a.limits.acceleration.map(() => 4),
      };
    const turn = (t: number): void => r.follow(plan(t, f.at(t).q.slice(), f.v.slice(), (j) => (j === 0 ? 1 : 0), 40));
    r.observe(0, f.q, f.v);
    turn(0);
    run(r, f, 0, 0.5);
    r.guard([], undefined, a.limits);
    turn(0.5);
    run(r, f, 0.5, 0.6);
    assert.ok(f.v[0] > 0.9, "the same limits change nothing");
    r.guard([], undefined, slow);
    turn(0.6);
    run(r, f, 0.6, 0.75, (t) => {
      assert.ok(f.at(t).v[0] <= Math.max(0, 1 - 8 * (t - 0.62)) + 0.05, `${f.v[0]} rad/s at ${t}`);
      return {};
    });
    const before = f.v.slice();
    run(r, f, 0.75, 2.5, (t) => {
      f.at(t);
      if (t > 0.77)
        for (let j = 0; j < n; j++)
          assert.ok(
            Math.abs(f.v[j]) <= 1.05 + 1e-9 && Math.abs(f.v[j] - before[j]) <= 4 * dt + 1e-9,
            `joint ${j + 1}: from ${before[j]} to ${f.v[j]} rad/s at ${t}`,
          );
      before.set(f.v);
      return {};
    });
    assert.ok(f.v[0] > 0.5, "and it goes on");
  },
);
