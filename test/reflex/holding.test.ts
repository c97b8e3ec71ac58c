import assert from "node:assert/strict";
import { test } from "node:test";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { armHolding } from "../../src/kinematics/armHolding.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { a, Follower, n, plan, reflex, run, start, still } from "./Follower.js";

const rod = armHolding(a, {
  id: "rod",
  parts: [{ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 0.15], radius: 0.01 }],
  pose: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
  mass: 0.1,
  positionStd: 0,
});

const hand = (of: typeof a): Int32Array => Int32Array.from(of.capsules.keys()).filter((c) => of.capsules[c].link === n);

test("with another thing in the hand the arm first rests, on the trajectory verified before, and then goes on", () => {
  const r = reflex(),
    f = new Follower(),
    sweep = new Sweep(rod);
  r.observe(0, f.q, f.v);
  r.follow(plan(0, start, new Float64Array(n), (j) => (j === 0 ? 0.8 : 0), 30));
  run(r, f, 0, 0.5);
  assert.ok(f.v[0] > 0.5);
  const before = r.checks;
  r.guard([], undefined, a.limits, sweep);
  r.follow(plan(0.5, f.q, f.v, (j) => (j === 0 ? 0.8 : 0), 30));
  run(r, f, 0.5, 0.52);
  assert.equal(r.checks, before, "nothing is commanded while it brakes");
  assert.equal(r.state.mode, "active");
  run(r, f, 0.52, 1.2);
  assert.ok(r.checks > before);
  const moved = f.q[0];
  // the same thing again: no stop
  const checks = r.checks;
  r.guard([], undefined, a.limits, sweep);
  r.follow(plan(1.2, f.q, f.v, (j) => (j === 0 ? 0.8 : 0), 30));
  run(r, f, 1.2, 1.25);
  assert.ok(r.checks > checks && f.q[0] > moved);
});

test("the arm stops for what the thing in its hand would meet, and without it goes on", () => {
  const least = (q: Float64Array, of: typeof a, z: number): number => {
    const o = new OracleGeometry(of).place(q);
    return Math.min(...Array.from(hand(of), (c) => o.toShape(c, { kind: "halfSpace", normal: [0, 0, 1], offset: z })));
  };
  const floor = least(start, rod, 0) - 0.04; // 4 cm below the rod
  const ends = [a, rod].map((of) => {
    const r = reflex(),
      f = new Follower();
    r.observe(0, f.q, f.v);
    const solid = new KeepOut("floor", [{ kind: "halfSpace", normal: [0, 0, 1], offset: floor }], hand(of), 0.01);
    r.guard([solid], undefined, a.limits, new Sweep(of));
    r.follow(plan(0, start, new Float64Array(n), (j) => (j === 1 ? 0.3 : 0), 10));
    run(r, f, 0, 2);
    assert.ok(still(f, 2));
    return { q: f.q.slice(), trips: r.trips.floor ?? 0 };
  });
  assert.ok(ends[1].trips > 0);
  assert.ok(least(ends[1].q, rod, floor) < 0.02, "it came as near as it may");
  assert.ok(least(ends[1].q, rod, floor) >= 0.01 - 1e-9, `${least(ends[1].q, rod, floor)} m`);
  assert.ok(least(ends[0].q, rod, floor) < 0.01, `the hand alone went to ${least(ends[0].q, rod, floor)} m`);
  assert.equal(ends[0].trips, 0);
});
