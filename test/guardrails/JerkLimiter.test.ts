import assert from "node:assert/strict";
import { test } from "node:test";
import { JerkLimiter } from "../../src/guardrails/JerkLimiter.js";
import { fuzzJerks } from "../fuzz/jerkFuzz.js";

const limits = { lo: -2, hi: 2, velocity: 2, acceleration: 8, jerk: 100 };

test("10⁶ adversarial joint-steps keep position, velocity, acceleration and jerk, between samples too", () => {
  const r = fuzzJerks(1e6, 1);
  assert.equal(r.violations, 0, JSON.stringify(r));
  assert.ok(r.moved > 1e-3 * r.steps, JSON.stringify(r));
});

test("a wish within the limits is reached, and held without a residue", () => {
  const j = new JerkLimiter(limits, 0.01, -1.8);
  for (let i = 0; i < 100; i++) j.step(1);
  assert.ok(Math.abs(j.v - 1) < 1e-3, `${j.v}`);
  for (let i = 0; i < 100; i++) j.step(0);
  assert.ok(Math.abs(j.v) < 1e-6 && Math.abs(j.a) < 1e-6, `${j.v} ${j.a}`);
});

test("what is no number, at any time, brings the joint to rest within its stopping time", () => {
  for (const bad of [NaN, undefined as unknown as number])
    for (let k = 1; k < 60; k += 3) {
      const j = new JerkLimiter(limits, 0.01, 0);
      for (let i = 0; i < k; i++) j.step(i % 20 < 10 ? 2 : -2);
      for (let i = 0; i < 60; i++) j.step(bad);
      assert.ok(j.v === 0 && j.a === 0, `${j.v} ${j.a}`);
    }
});

test("pushed at a limit, it comes within a millimetre of a radian and stays", () => {
  const j = new JerkLimiter(limits, 0.01, 0);
  for (let i = 0; i < 600; i++) j.step(1e9);
  assert.ok(j.q <= 2 + 1e-9 && j.q > 1.99, `${j.q}`);
});

test("bounds that are none are refused", () => {
  assert.throws(() => new JerkLimiter({ ...limits, jerk: 0 }, 0.01, 0), RangeError);
  assert.throws(() => new JerkLimiter({ ...limits, hi: NaN }, 0.01, 0), RangeError);
  assert.throws(() => new JerkLimiter(limits, -0.01, 0), RangeError);
});
