import assert from "node:assert/strict";
import { test } from "node:test";
import { Rollouts } from "../../../src/core/Rollouts.js";
import { Recovery } from "../../../src/guardrails/filter/Recovery.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { world } from "../setups.js";

/** A joint whose margin is its own position: at −0.01 it stands in violation, upward is the way out. */
const limits = {
  lo: Float64Array.of(-1),
  hi: Float64Array.of(1),
  velocity: Float64Array.of(1),
  acceleration: Float64Array.of(8),
  effort: Float64Array.of(1),
};
const wall = (escapable: boolean): Guardrail => ({
  name: "wall",
  unit: "m",
  escapable,
  margin: (r, out, K) => {
    for (let k = 0; k < K; k++) out[k] = Math.min(...r.q.subarray(k * r.N, (k + 1) * r.N));
  },
});
/**
 * A second thing kept beside it, whose margin is that of the first and `more`, but for the greatest positions, where it
 * is `end`.
 */
const two = (part: (x: number) => number): Guardrail => ({
  ...wall(true),
  parts: () => [
    wall(true),
    {
      ...wall(true),
      margin: (r, out, K) => {
        for (let k = 0; k < K; k++) out[k] = Math.min(...r.q.subarray(k * r.N, (k + 1) * r.N).map(part));
      },
    },
  ],
});
const recovery = (escapable = true): Recovery =>
  new Recovery(limits, { nc: 0, fill: () => undefined }, [wall(escapable)], 0.01);

/** Whether the path q fixes; at rest in the beginning unless told otherwise. */
function recovers(e: Recovery, q: readonly number[], v = 0): boolean {
  const r = new Rollouts({ K: 1, H: q.length - 1, substeps: 1, dt: 0.01, nq: 1, nc: 0 });
  r.q.set(q);
  r.v[0] = v;
  r.from = world(0);
  return e.recovers(0, r);
}

/** Which part of a way through −0.009 and −0.006 a place is on. */
const stage = (x: number): number => Number(x >= -0.009) + Number(x >= -0.006);

test("a path out of a violation is a way out, one that stays or goes deeper is none", () => {
  assert.ok(recovers(recovery(), [-0.01, -0.008, -0.005]));
  assert.ok(!recovers(recovery(), [-0.01, -0.01, -0.01]));
  assert.ok(!recovers(recovery(), [-0.01, -0.012, -0.015]));
});

test("a path may not dip on its way out by more than the enclosure's own width", () => {
  assert.ok(recovers(recovery(), [-0.01, -0.0108, -0.005]));
  assert.ok(!recovers(recovery(), [-0.01, -0.0115, -0.005]));
});

test("what begins without violation cannot be excused by it", () => {
  assert.ok(!recovers(recovery(), [0.0002, -0.0005, 0.002]));
});

test("to be inside one thing allows nothing inside another, nor deeper in it", () => {
  const e = (part: (x: number) => number): Recovery =>
    new Recovery(limits, { nc: 0, fill: () => undefined }, [two(part)], 0.01);
  assert.ok(
    recovers(
      e((x) => x + 0.5),
      [-0.01, -0.008, -0.005],
    ),
    "the second is far",
  );
  assert.ok(
    recovers(
      e((x) => x + 0.002),
      [-0.01, -0.008, -0.005],
    ),
    "both are left",
  );
  assert.ok(
    !recovers(
      e((x) => -0.012 - x),
      [-0.01, -0.008, -0.005],
    ),
    "the second is gone into deeper",
  );
  assert.ok(
    !recovers(
      e((x) => (x < -0.009 ? -1e-3 : -1.5e-3)),
      [-0.01, -0.008, -0.005],
    ),
    "the path ends deeper in the second, by less than it may dip",
  );
  assert.ok(
    !recovers(
      e((x) => [2e-4, -5e-4, 3e-4][stage(x)]),
      [-0.01, -0.008, -0.005],
    ),
    "the second is entered, though left again",
  );
  assert.ok(
    !recovers(
      e((x) => [-1e-3, -3e-3, -5e-4][stage(x)]),
      [-0.01, -0.008, -0.005],
    ),
    "the second is gone into deeper on the way",
  );
});

test("what an arm in motion breaks is not excused before it has stood still", () => {
  const e = recovery();
  assert.ok(!recovers(e, [-0.01, -0.008, -0.005], 0.1));
  assert.ok(recovers(e, [-0.01, -0.008, -0.005]));
  assert.ok(recovers(e, [-0.008, -0.006, -0.004], 0.1));
});

test("where to stop is right there is no way out", () => {
  assert.ok(!recovers(recovery(false), [-0.01, -0.008, -0.005]));
});

test("no chain of paths that each promise an end sinks step by step: in motion the best state so far counts", () => {
  const e = recovery();
  assert.ok(recovers(e, [-0.01, -0.0108, -0.005]));
  // from the dip, a second dip, to an end below where it all began
  assert.ok(!recovers(e, [-0.0108, -0.0116, -0.0105], -0.1));
  assert.ok(!recovers(e, [-0.0108, -0.0112, -0.005], -0.1));
  assert.ok(recovers(e, [-0.0108, -0.0109, -0.005], -0.1));
});

test("NaN is no way out", () => {
  assert.ok(!recovers(recovery(), [-0.01, NaN, -0.005]));
  assert.ok(!recovers(recovery(), [NaN, -0.01, -0.005]));
});

test("the way out at rest is up the gradient, slowly, and ends a little beyond the bound", () => {
  const e = recovery(),
    w = new Float64Array(1);
  assert.ok(e.requested(w, Float64Array.of(-0.01), world(0)));
  assert.ok(w[0] > 0 && w[0] <= 0.1 + 1e-12);
  assert.ok(e.requested(w, Float64Array.of(0.001), world(0)));
  assert.ok(!e.requested(w, Float64Array.of(0.01), world(0)));
  assert.ok(!recovery(false).requested(w, Float64Array.of(-0.01), world(0)));
});
