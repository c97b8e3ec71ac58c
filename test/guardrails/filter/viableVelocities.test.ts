import assert from "node:assert/strict";
import { test } from "node:test";
import type { JointLimits } from "../../../src/core/JointLimits.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { brakingVelocity, viableVelocities } from "../../../src/guardrails/filter/viableVelocities.js";
import { fuzzJoints, randomLimits, type Bounds } from "../../fuzz/jointFuzz.js";

const one = (lo: number, hi: number, V: number, A: number): JointLimits => ({
  lo: Float64Array.of(lo),
  hi: Float64Array.of(hi),
  velocity: Float64Array.of(V),
  acceleration: Float64Array.of(A),
  effort: Float64Array.of(1),
});
const boundsAt = (q: number, v: number, l: JointLimits, dt: number): [number, number] => {
  const lower = new Float64Array(1),
    upper = new Float64Array(1);
  viableVelocities(lower, upper, Float64Array.of(q), Float64Array.of(v), 0, l, dt);
  return [lower[0], upper[0]];
};
/** The definition of S, as the oracle has it. */
const viable = (q: number, v: number, l: JointLimits, dt: number, e = 0): boolean => {
  const stop = (v * v) / (2 * l.acceleration[0]) + Math.abs(v) * dt * 0.5;
  return (
    q >= l.lo[0] - e &&
    q <= l.hi[0] + e &&
    Math.abs(v) <= l.velocity[0] + e &&
    (v > 0 ? q + stop <= l.hi[0] + e : q - stop >= l.lo[0] - e)
  );
};

test(
  "3·10⁶ adversarial joint-steps keep position, velocity and acceleration, " +
    "between samples too, to 1e-9; W is never empty",
  () => {
    const r = fuzzJoints(3e6, 1, viableVelocities);
    assert.equal(r.violations, 0, JSON.stringify(r));
    assert.equal(r.empty, 0);
    assert.ok(r.position <= 1e-9 && r.velocity <= 1e-9 && r.acceleration <= 1e-9, JSON.stringify(r));
  },
);

test("on S, W is not empty, and every w in W leads into S", () => {
  const rng = new Rng(2);
  for (let i = 0, tried = 0; tried < 200_000; i++) {
    const many = randomLimits(rng, 1),
      l = one(many.lo[0], many.hi[0], many.velocity[0], many.acceleration[0]),
      dt = 10 ** rng.range(-3, -1);
    const q = rng.range(l.lo[0], l.hi[0]),
      v = rng.range(-1, 1) * l.velocity[0] * (rng.bits() & 1 ? 1 : 0.1);
    if (!viable(q, v, l, dt)) continue;
    tried++;
    const [a, b] = boundsAt(q, v, l, dt);
    assert.ok(a <= b);
    for (const w of [a, b, a + (b - a) * rng.uniform()])
      assert.ok(viable(q + 0.5 * (v + w) * dt, w, l, dt, 1e-12), `q ${q} v ${v} w ${w} dt ${dt}`);
    // W is the largest such interval: one nanoradian a second beyond leaves S or the accelerations
    for (const w of [a - 1e-7, b + 1e-7])
      assert.ok(
        !viable(q + 0.5 * (v + w) * dt, w, l, dt) || Math.abs(w - v) > l.acceleration[0] * dt,
        `q ${q} v ${v} w ${w} dt ${dt}`,
      );
  }
});

test("tighter limits never enlarge W", () => {
  const rng = new Rng(3);
  for (let i = 0; i < 200_000; i++) {
    const m = randomLimits(rng, 1),
      l = one(m.lo[0], m.hi[0], m.velocity[0], m.acceleration[0]),
      dt = 10 ** rng.range(-3, -1);
    const room = l.hi[0] - l.lo[0],
      u = (): number => (rng.bits() & 1 ? rng.uniform() : 1);
    const tight = one(
      l.lo[0] + (1 - u()) * 0.3 * room,
      l.hi[0] - (1 - u()) * 0.3 * room,
      l.velocity[0] * u(),
      l.acceleration[0] * Math.max(0.05, u()),
    );
    const q = rng.range(tight.lo[0], tight.hi[0]),
      v = rng.range(-1, 1) * tight.velocity[0];
    if (!viable(q, v, tight, dt)) continue;
    const [a, b] = boundsAt(q, v, l, dt),
      [c, d] = boundsAt(q, v, tight, dt);
    assert.ok(c >= a - 1e-12 && d <= b + 1e-12, JSON.stringify({ a, b, c, d, q, v, dt }));
  }
});

test("what is no number brakes: NaN, ±Inf in q, in v or in a limit leave one velocity, that of braking or none", () => {
  const l = one(-1, 1, 2, 8),
    dt = 0.01;
  assert.deepEqual(boundsAt(NaN, 0.5, l, dt), [0.5 - 0.08, 0.5 - 0.08]);
  assert.deepEqual(boundsAt(0, NaN, l, dt), [0, 0]);
  assert.deepEqual(boundsAt(Infinity, 0.5, l, dt), [0.42, 0.42]);
  assert.ok(boundsAt(-Infinity, -0.5, l, dt).every((w) => Math.abs(w + 0.42) < 1e-15)); // back is the only way
  // the safety filter refuses it
  for (const v of [Infinity, -Infinity]) assert.ok(boundsAt(0, v, l, dt).every((w) => !Number.isFinite(w)));
  for (const field of ["lo", "hi", "velocity"] as const) {
    const broken = { ...l, [field]: Float64Array.of(NaN) };
    assert.deepEqual(boundsAt(0, 0.5, broken, dt), [0.42, 0.42], field);
  }
  assert.equal(brakingVelocity(NaN, 0.1), 0);
});

test("−0 and denormals are zero", () => {
  const l = one(-1, 1, 2, 8),
    zero = boundsAt(0, 0, l, 0.01);
  for (const v of [-0, 5e-324, -5e-324]) assert.deepEqual(boundsAt(0, v, l, 0.01), zero);
  for (const q of [-0, 5e-324, -5e-324]) assert.deepEqual(boundsAt(q, 0, l, 0.01), zero);
});

test(
  "outside S there is one velocity, that of hardest braking; " +
    "at rest beyond a limit the way back is open and the way on is shut",
  () => {
    const l = one(-1, 1, 2, 8);
    assert.deepEqual(boundsAt(0.999, 1, l, 0.01), [0.92, 0.92]);
    const [a, b] = boundsAt(1.01, 0, l, 0.01);
    assert.ok(a < 0 && Math.abs(b) < 1e-15);
  },
);

const naive: Record<string, Bounds> = {
  "stopping distance by ceil, sides clamped apart": (lower, upper, q, v, iq, l, dt) => {
    for (let j = 0; j < l.lo.length; j++) {
      const A = l.acceleration[j],
        Ad = A * dt,
        reach = (room: number): number => Math.max(0, Math.sqrt(2 * A * Math.max(0, room)) - Ad * 0.5);
      lower[j] = Math.max(-l.velocity[j], v[iq + j] - Ad, -reach(q[iq + j] - l.lo[j]));
      upper[j] = Math.max(lower[j], Math.min(l.velocity[j], v[iq + j] + Ad, reach(l.hi[j] - q[iq + j])));
    }
  },
  "continuous-time stopping distance v²/2A": (lower, upper, q, v, iq, l, dt) => {
    for (let j = 0; j < l.lo.length; j++) {
      const A = l.acceleration[j],
        Ad = A * dt;
      lower[j] = Math.max(-l.velocity[j], v[iq + j] - Ad, -Math.sqrt(2 * A * Math.max(0, q[iq + j] - l.lo[j])));
      upper[j] = Math.max(
        lower[j],
        Math.min(l.velocity[j], v[iq + j] + Ad, Math.sqrt(2 * A * Math.max(0, l.hi[j] - q[iq + j]))),
      );
    }
  },
  "velocity and acceleration alone": (lower, upper, _q, v, iq, l, dt) => {
    for (let j = 0; j < l.lo.length; j++) {
      lower[j] = Math.max(-l.velocity[j], v[iq + j] - l.acceleration[j] * dt);
      upper[j] = Math.min(l.velocity[j], v[iq + j] + l.acceleration[j] * dt);
    }
  },
};
for (const [name, bounds] of Object.entries(naive))
  test(`the adversary finds what is wrong with a naive filter: ${name}`, () => {
    assert.ok(fuzzJoints(200_000, 4, bounds).violations > 20);
  });
