import assert from "node:assert/strict";
import { test } from "node:test";
import { JerkLimiter } from "../../../src/guardrails/filter/JerkLimiter.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { JerkJoint } from "../../fuzz/JerkJoint.js";
import { fuzzJerks } from "../../fuzz/jerkFuzz.js";

const limits = { lo: -2, hi: 2, velocity: 2, acceleration: 8, jerk: 100 };

test("3·10⁵ adversarial joint-steps keep position, velocity, acceleration and jerk, between samples too", () => {
  const r = fuzzJerks(3e5, 1);
  assert.equal(r.violations, 0, JSON.stringify(r));
  assert.ok(r.moved > 1e-3 * r.steps, JSON.stringify(r));
  assert.equal(r.refused, 0, "what was accepted once goes on to be: the induction");
});

test("a request within the limits is reached, and held without a residue", () => {
  const j = new JerkJoint(limits, 0.01, -1.8);
  for (let i = 0; i < 100; i++) j.step(1);
  assert.ok(Math.abs(j.v - 1) < 1e-3, `${j.v}`);
  for (let i = 0; i < 100; i++) j.step(0);
  assert.ok(Math.abs(j.v) < 1e-6 && Math.abs(j.a) < 1e-6, `${j.v} ${j.a}`);
});

test("what is no number, at any time, brings the joint to rest within its stopping time", () => {
  for (const bad of [NaN, undefined as unknown as number])
    for (let k = 1; k < 60; k += 3) {
      const j = new JerkJoint(limits, 0.01, 0);
      for (let i = 0; i < k; i++) j.step(i % 20 < 10 ? 2 : -2);
      for (let i = 0; i < 60; i++) j.step(bad);
      assert.ok(j.v === 0 && j.a === 0, `${j.v} ${j.a}`);
    }
});

test("pushed at a limit, it comes within a millimetre of a radian and stays", () => {
  const j = new JerkJoint(limits, 0.01, 0);
  for (let i = 0; i < 600; i++) j.step(1e9);
  assert.ok(j.q <= 2 + 1e-9 && j.q > 1.99, `${j.q}`);
});

const one = (x: number): Float64Array => Float64Array.of(x);
const limiter = (l: typeof limits): JerkLimiter =>
  new JerkLimiter(
    {
      lo: one(l.lo),
      hi: one(l.hi),
      velocity: one(l.velocity),
      acceleration: one(l.acceleration),
      effort: one(1),
      jerk: one(l.jerk),
    },
    0.01,
  );

test(
  "a joint that turns back within a period, beyond its limit in between, " +
    "is refused, though both samples lie within",
  () => {
    const slow = { ...limits, jerk: 1e6 };
    const limited = (q: number, v: number, a: number): number => {
      const next = one(a);
      limiter(slow).limit(0, one(q), one(v), one(a), next);
      return next[0];
    };
    assert.ok(!Number.isNaN(limited(2 - 1e-4, 0.02, -8)));
    assert.ok(Number.isNaN(limited(2 - 1e-6, 0.02, -8)));
    assert.ok(Number.isNaN(limited(-2 + 1e-6, -0.02, 8)));
  },
);

test("a joint and its mirror image do the same", () => {
  const rng = new Rng(5),
    l = { lo: -1, hi: 2, velocity: 2, acceleration: 8, jerk: 100 },
    joint = new JerkJoint(l, 0.01, 0.3),
    mirrored = new JerkJoint({ ...l, lo: -2, hi: 1 }, 0.01, -0.3);
  for (let i = 0, w = 0; i < 5000; i++) {
    if (i % 17 === 0) w = rng.range(-3, 3);
    (joint.step(w), mirrored.step(-w));
    assert.ok(
      Math.abs(joint.q + mirrored.q) < 1e-9 && Math.abs(joint.a + mirrored.a) < 1e-6,
      `${joint.q} ${mirrored.q}, ${joint.a} ${mirrored.a}`,
    );
    ((mirrored.q = -joint.q), (mirrored.v = -joint.v), (mirrored.a = -joint.a));
  }
});

test("bounds that are none are refused", () => {
  assert.throws(() => new JerkJoint({ ...limits, jerk: 0 }, 0.01, 0), RangeError);
  assert.throws(() => new JerkJoint({ ...limits, jerk: NaN }, 0.01, 0), RangeError);
});
