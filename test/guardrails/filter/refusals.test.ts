import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { person, world } from "../setups.js";
import { a, n, dt, folded, all, filter } from "./drive.js";

// What the safety filter refuses: what is no number, throws or is too fast leaves the stored fail-safe trajectory.

test(
  "what is not a number, in the state, the request, " + "a stamp or a body, leaves the stored fail-safe trajectory",
  () => {
    const s = filter(),
      zero = new Float64Array(n);
    for (const bad of [NaN, Infinity, -Infinity])
      for (let j = 0; j < n; j++) {
        const broken = new Float64Array(n);
        broken[j] = bad;
        const q = folded.slice();
        q[j] = bad;
        assert.equal(s.step(1, q, zero, zero, world(1)), undefined);
        assert.equal(s.step(1, folded, broken, zero, world(1)), undefined);
        assert.equal(s.step(1, folded, zero, broken, world(1)), undefined);
        assert.deepEqual([s.verdict.kind, s.verdict.by], ["stop", "finite"]);
      }
    for (const bad of [NaN, Infinity]) {
      assert.equal(s.step(bad, folded, zero, zero, world(1)), undefined);
      assert.equal(s.step(1, folded, zero, zero, world(bad)), undefined);
      assert.equal(s.step(1, folded, zero, zero, world(1, [person([bad, 0, 0], [2, 0, 0], 0.1, 1)])), undefined);
    }
    assert.equal(s.step(1, folded, zero, zero, world(1, [person([2, 0, 0], [2, 0, 0], 0.1, NaN)])), undefined);
    assert.equal(s.verdict.by, "separation");
    assert.ok(s.step(1, folded, zero, zero, world(1)) !== undefined);
  },
);

test("a throw at any call site of the safety filter leaves the stored fail-safe trajectory and is told by name", () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const sweep = new Sweep(a),
    zero = new Float64Array(n);
  const thrower: Guardrail = { name: "thrower", unit: "m", escapable: true, margin: boom };
  const sites: Record<string, SafetyFilter> = {
    sweep: new SafetyFilter(a.limits, { nc: sweep.nc, fill: boom }, all(), dt),
    first: new SafetyFilter(a.limits, sweep, [thrower, ...all()], dt),
    last: new SafetyFilter(a.limits, sweep, [...all(), thrower], dt),
    bodies: filter(),
  };
  for (const [site, s] of Object.entries(sites)) {
    const from = site === "bodies" ? { ...world(1), bodies: [undefined as unknown as Body] } : world(1);
    assert.equal(s.step(1, folded, zero, zero, from), undefined, site);
    assert.ok(s.verdict.kind === "stop" && s.verdict.by.startsWith("exception"), site);
  }
});

test(
  "how an arm stands is told as of one that requests nothing at rest, " +
    "whatever was requested before; what cannot be had is no number",
  () => {
    const kinds = all().filter((g) => g.name !== "separation"),
      one = filter(kinds),
      other = filter(kinds),
      rng = new Rng(8),
      zero = new Float64Array(n);
    for (let i = 0; i < 50; i++) {
      const q = Float64Array.from(a.limits.lo, (lo, j) => rng.range(lo, a.limits.hi[j]));
      one.step(
        1,
        folded,
        zero,
        Float64Array.from(zero, () => rng.range(-1, 1)),
        world(1),
      );
      one.step(1, q, zero, zero, world(1));
      const asked = [...one.margins];
      other.step(
        1,
        folded,
        zero,
        Float64Array.from(zero, () => rng.range(-1, 1)),
        world(1),
      );
      assert.deepEqual([...other.stand(q, world(1))], asked);
    }
    const broken = filter([
      kinds[0],
      {
        ...kinds[1],
        margin: () => {
          throw new Error("no");
        },
      } as Guardrail,
    ]).stand(folded, world(1));
    assert.deepEqual([Number.isFinite(broken[0]), broken[1]], [true, NaN]);
  },
);

test("a guardrail that answers NaN is a refusal, and margins of the request are told", () => {
  const nan: Guardrail = { name: "nan", unit: "m", escapable: true, margin: (_, out) => void (out[0] = NaN) };
  const s = filter([nan]);
  assert.equal(s.step(1, folded, new Float64Array(n), new Float64Array(n), world(1)), undefined);
  assert.equal(s.verdict.by, "nan");
  assert.ok(Number.isNaN(s.margins[0]));
});

test("faster than the limits, whatever happened before, there is no command but the fail-safe trajectory", () => {
  const s = filter([]),
    v = new Float64Array(n);
  v[0] = 100;
  assert.equal(s.step(1, folded, v, new Float64Array(n), world(1)), undefined);
  assert.equal(s.verdict.by, "joint_limits");
  assert.throws(() => new SafetyFilter(a.limits, new Sweep(a), [], 0), /dt: got/);
  assert.throws(() => new SafetyFilter(a.limits, new Sweep(a), [], NaN), /dt: got/);
});
