import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import { passableLimits } from "../../../src/guardrails/filter/passableLimits.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { Spill } from "../../../src/guardrails/margins/Spill.js";
import { ToolTilt } from "../../../src/guardrails/margins/ToolTilt.js";
import { TorqueLimit, unloaded } from "../../../src/guardrails/margins/TorqueLimit.js";
import { InverseDynamics } from "../../../src/kinematics/InverseDynamics.js";
import { ToolMotion } from "../../../src/kinematics/ToolMotion.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, world } from "../setups.js";
import { a, n, L, type Here } from "./jerkyArm.js";

// Paths whose accelerations change between knots: what the search may plan, and what guardrails say of them.

/**
 * K paths of N knots, h apart, whose accelerations go linearly from knot to knot, from one end of what joints may to
 * the other.
 */
function randomDrives(K: number, N: number, h: number, rng: Rng): Rollouts {
  const r = new Rollouts({ K, H: N - 1, substeps: 1, dt: h, nq: n, nc: a.capsules.length }),
    { q, v } = r,
    begin = new Float64Array(q.length),
    end = new Float64Array(q.length);
  r.drive = { begin, end };
  r.from = world(0);
  for (let k = 0; k < K; k++)
    for (let j = 0; j < n; j++) {
      let x = rng.range(L.lo[j], L.hi[j]),
        s = rng.range(-0.3, 0.3) * L.velocity[j] * (rng.bits() & 1),
        u = rng.range(-1, 1) * L.acceleration[j];
      for (let i = 0, o = k * N * n + j; i < N; i++, o += n) {
        ((q[o] = x), (v[o] = s));
        if (i + 1 === N) break;
        const next = -Math.sign(u) * rng.uniform() * L.acceleration[j];
        ((begin[o] = u), (end[o] = next));
        ((x += (s + (u / 3 + next / 6) * h) * h), (s += 0.5 * (u + next) * h), (u = next));
      }
    }
  return r;
}

/** Joint positions, velocities and accelerations of path k at a share s of the way from knot i to the next. */
function at(r: Rollouts, k: number, i: number, s: number): Here {
  const here = { q: new Float64Array(n), v: new Float64Array(n), a: new Float64Array(n) },
    t = s * r.dt;
  for (let j = 0, o = (k * r.N + i) * n; j < n; j++, o++) {
    const u = r.drive!.begin[o],
      jerk = (r.drive!.end[o] - u) / r.dt;
    here.q[j] = r.q[o] + (r.v[o] + (u / 2 + (jerk * t) / 6) * t) * t;
    here.v[j] = r.v[o] + (u + (jerk * t) / 2) * t;
    here.a[j] = u + jerk * t;
  }
  return here;
}

const angle = (p: readonly number[], q: readonly number[]): number =>
  Math.acos(Math.max(-1, Math.min(1, (p[0] * q[0] + p[1] * q[1] + p[2] * q[2]) / Math.hypot(...p) / Math.hypot(...q))));

test(
  "a step of the search is one that a jerk-limited joint can pass through: " +
    "from knot to knot, without acceleration there, within A and J, to the same place",
  () => {
    const rng = new Rng(7);
    for (let i = 0; i < 2000; i++) {
      const T = rng.range(0.02, 0.6),
        A = 10 ** rng.range(0, 1.5),
        jerk = 10 ** rng.range(1, 3.5),
        one = (x: number): Float64Array => Float64Array.of(x);
      const [mean] = passableLimits(
        { lo: one(-1), hi: one(1), velocity: one(1), acceleration: one(A), effort: one(1), jerk: one(jerk) },
        T,
      ).acceleration;
      const ramp = Math.min(A / jerk, T / 2),
        M = 2000,
        h = T / M; // up, hold, down, as hard as may be
      let v = 0,
        q = 0;
      for (let k = 0; k < M; k++) {
        const t = (k + 0.5) * h,
          u = jerk * Math.min(t, T - t, ramp);
        assert.ok(u <= A * (1 + 1e-9));
        ((q += (v + 0.5 * u * h) * h), (v += u * h));
      }
      assert.ok(
        Math.abs(v - mean * T) < 1e-4 * mean * T && Math.abs(q - 0.5 * mean * T * T) < 1e-4 * mean * T * T,
        `${v} of ${mean * T} rad/s`,
      );
    }
    const free = arm("arm7").limits;
    assert.equal(passableLimits(free, 0.1), free);
  },
);

test(
  "what guardrails say of a path with changing accelerations bounds what happens between its knots: " +
    "enclosure, self-collision, tilt, liquid, torque",
  () => {
    const r = randomDrives(60, 4, 0.06, new Rng(8)),
      sweep = new Sweep(a),
      oracle = new OracleGeometry(a);
    const fine = randomDrives(60, 4, 0.01, new Rng(9)),
      torque = new Float64Array(r.K),
      liquid = new Float64Array(r.K),
      tilt = new Float64Array(r.K),
      reserve = 0.02,
      dynamics = new InverseDynamics(a),
      self = new Float64Array(r.K);
    (sweep.fill(r), sweep.fill(fine));
    new SelfCollision(
      a.selfPairs,
      Int32Array.from(a.capsules, (c) => c.link),
      Float64Array.from(a.capsules, (c) => c.radius),
      levers(a),
      0,
    ).margin(r, self, r.K);
    new ToolTilt(3, new Uint8Array(n).fill(1), [0, 0, -1]).margin(r, tilt, r.K);
    new Spill(a, 3).margin(fine, liquid, r.K);
    new TorqueLimit(a, [{ ...unloaded, reserve }]).margin(fine, torque, r.K);
    const { capsules, radius } = r,
      axis = (t: ArrayLike<number>): number[] => [t[2], t[6], t[10]],
      e = 1e-4;
    const outside = (c: number, o: number): number => {
      let most = -Infinity;
      for (let p = 0; p < 2; p++) {
        const x = [0, 1, 2].map((d) => oracle.ends[6 * c + 3 * p + d] - capsules[6 * o + 3 * p + d]);
        most = Math.max(most, Math.hypot(...x) + a.capsules[c].radius - radius[o]);
      }
      return most;
    };
    for (let k = 0; k < r.K; k++) {
      let apart = Infinity,
        tilted = 0,
        spilt = 0,
        room = Infinity;
      for (let i = 0; i + 1 < r.N; i++)
        for (let m = 1; m < 20; m++) {
          const { q } = at(r, k, i, m / 20);
          oracle.place(q);
          for (let c = 0; c < r.nc; c++)
            assert.ok(outside(c, (k * r.N + i) * r.nc + c) <= 1e-9, `capsule ${c} leaves its enclosure`);
          for (let p = 0; p < a.selfPairs.length; p += 2)
            apart = Math.min(apart, oracle.between(a.selfPairs[p], a.selfPairs[p + 1]));
          tilted = Math.max(tilted, angle(axis(oracle.tool), [0, 0, -1]));
          const here = at(fine, k, i, m / 20),
            place = (s: number): number[] => [3, 7, 11].map((d) => oracle.place(at(fine, k, i, m / 20 + s).q).tool[d]);
          const [x, before, after] = [place(0), place(-e), place(e)],
            felt = x.map((y, d) => (after[d] - 2 * y + before[d]) / (e * fine.dt) ** 2 + (d === 2 ? 9.81 : 0));
          spilt = Math.max(spilt, angle(axis(oracle.place(here.q).tool), felt));
          const need = dynamics.compute(here.q, here.v, here.a, 0);
          for (let j = 0; j < n; j++) room = Math.min(room, L.effort[j] - Math.abs(need[j]));
        }
      assert.ok(self[k] <= apart + 1e-9, `links ${apart} m apart, told ${self[k]}`);
      assert.ok(3 - tilt[k] >= tilted - 1e-9, `tilt ${tilted}, told ${3 - tilt[k]}`);
      assert.ok(3 - liquid[k] >= spilt - 2e-3, `liquid ${spilt}, told ${3 - liquid[k]}`);
      assert.ok(torque[k] <= room + 1e-9, `torque leaves ${room}, told ${torque[k]}`);
    }
  },
);

test("the greatest speed and acceleration of an interval are reached in it, and never exceeded", () => {
  const r = randomDrives(200, 4, 0.06, new Rng(10));
  for (let k = 0; k < r.K; k++)
    for (let i = 0; i + 1 < r.N; i++) {
      const speed = new Float64Array(n),
        acceleration = new Float64Array(n);
      for (let m = 0; m <= 200; m++) {
        const here = at(r, k, i, m / 200);
        for (let j = 0; j < n; j++)
          ((speed[j] = Math.max(speed[j], Math.abs(here.v[j]))),
            (acceleration[j] = Math.max(acceleration[j], Math.abs(here.a[j]))));
      }
      for (let j = 0, o = (k * r.N + i) * n; j < n; j++, o++) {
        assert.ok(Math.abs(r.speed(o, o + n) - speed[j]) < 1e-4, `${r.speed(o, o + n)} and ${speed[j]} rad/s`);
        assert.ok(Math.abs(r.acceleration(o, o + n) - acceleration[j]) < 1e-9);
      }
    }
});

test("torque and liquid look at both sides of each knot with the accelerations there: their formulas", () => {
  const r = randomDrives(40, 3, 0.01, new Rng(11)),
    out = new Float64Array(r.K),
    dynamics = new InverseDynamics(a),
    motion = new ToolMotion(a),
    sides = [0, 1 - 1e-12],
    zero = new Float64Array(r.q.length);
  const arms = [1, 2, 3, 4, 5, 6].reduce(
    (sum, j) => sum + Math.hypot(a.origins[12 * j + 3], a.origins[12 * j + 7], a.origins[12 * j + 11]),
    Math.hypot(a.toolOffset[3], a.toolOffset[7], a.toolOffset[11]),
  );
  new TorqueLimit(a, [unloaded]).margin(r, out, r.K);
  for (let k = 0; k < r.K; k++) {
    let least = Infinity;
    for (let i = 0; i + 1 < r.N; i++)
      for (const s of sides) {
        const here = at(r, k, i, s),
          need = dynamics.compute(here.q, here.v, here.a, 0);
        for (let j = 0; j < n; j++) least = Math.min(least, 0.95 * L.effort[j] - Math.abs(need[j]));
      }
    const stands = dynamics.compute(r.q, zero, zero, (k * r.N + r.N - 1) * n);
    for (let j = 0; j < n; j++) least = Math.min(least, 0.95 * L.effort[j] - Math.abs(stands[j]));
    assert.ok(Math.abs(out[k] - least) < 1e-6, `${out[k]} and ${least}`);
  }
  new Spill(a, 3).margin(r, out, r.K);
  for (let k = 0; k < r.K; k++) {
    let worst = 0;
    for (let i = 0; i + 1 < r.N; i++) {
      let P = 0,
        A = 0,
        jerk = 0;
      for (let j = 0, o = (k * r.N + i) * n; j < n; j++, o++)
        ((P += r.speed(o, o + n)),
          (A += r.acceleration(o, o + n)),
          (jerk += Math.abs(r.drive!.end[o] - r.drive!.begin[o]) / r.dt));
      const change = 0.5 * r.dt * arms * (jerk + 6 * A * P + 4 * P ** 3);
      for (const s of sides) {
        const here = at(r, k, i, s);
        motion.compute(here.q, 0, here.v, 0, here.a);
        const felt = [...motion.felt],
          size = Math.hypot(...felt);
        worst = Math.max(
          worst,
          angle([motion.tool[2], motion.tool[6], motion.tool[10]], felt) +
            0.5 * r.dt * P +
            (change < size ? Math.asin(change / size) : Math.PI),
        );
      }
    }
    motion.compute(r.q, (k * r.N + r.N - 1) * n, zero, 0, zero);
    worst = Math.max(worst, angle([motion.tool[2], motion.tool[6], motion.tool[10]], [0, 0, 1]));
    assert.ok(Math.abs(3 - out[k] - worst) < 1e-6, `${3 - out[k]} and ${worst}`);
  }
});
