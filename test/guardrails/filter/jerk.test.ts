import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { sampleCommand } from "../../../src/core/commands/sampleCommand.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { Command } from "../../../src/core/Command.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { passableLimits } from "../../../src/guardrails/filter/passableLimits.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { Spill } from "../../../src/guardrails/margins/Spill.js";
import { ToolTilt } from "../../../src/guardrails/margins/ToolTilt.js";
import { TorqueLimit, unloaded } from "../../../src/guardrails/margins/TorqueLimit.js";
import { InverseDynamics } from "../../../src/kinematics/InverseDynamics.js";
import { ToolMotion } from "../../../src/kinematics/ToolMotion.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { allocated } from "../allocated.js";
import { arm, jerky, watched, world } from "../setups.js";

const a = jerky("arm7"),
  n = a.nq,
  dt = 0.01,
  L = a.limits,
  J = L.jerk!;
const wall: Shape = { kind: "box", center: [0.36, 0.02, 0.45], size: [0.04, 0.16, 0.9], orientation: [0, 0, 0, 1] };
const folded = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);
const walled = (): Guardrail[] => [new KeepOut("wall", [wall], watched(a), 0.01)];

/** The accelerations of joint j at the ends of the interval that begins at knot i, of the cubic through both. */
function ends(c: Command, i: number, j: number): [number, number] {
  const k = i * n + j,
    mean = (c.q[k + n] - c.q[k]) / c.dt;
  return [(6 * mean - 4 * c.v[k] - 2 * c.v[k + n]) / c.dt, (2 * c.v[k] + 4 * c.v[k + n] - 6 * mean) / c.dt];
}

interface Here {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
}

/**
 * Drives a safety filter as the reflex does: each command's first step is taken, or the stored fail-safe trajectory
 * goes on.
 */
function drive(
  s: SafetyFilter,
  ticks: number,
  requested: (w: Float64Array, tick: number, here: Here) => void,
  look: (c: Command | undefined, here: Here, w: Float64Array) => void,
  from = folded,
): void {
  const here = { q: from.slice(), v: new Float64Array(n), a: new Float64Array(n) },
    w = new Float64Array(n);
  let failSafe: { c: Command; i: number } | undefined;
  for (let i = 0; i < ticks; i++) {
    requested(w, i, here);
    const c = s.step(0, here.q, here.v, w, world(0), here.a);
    look(c, here, w);
    if (c !== undefined) failSafe = { c: { ...c, stamp: 0, q: c.q.slice(), v: c.v.slice() }, i: 1 };
    else if (failSafe !== undefined) failSafe.i = Math.min(failSafe.i + 1, failSafe.c.N - 1);
    if (failSafe !== undefined) sampleCommand(here.q, here.v, failSafe.c, failSafe.i * dt, here.a);
  }
}

/** Wishes that push, reverse and jump. */
function restless(seed: number, size = 1.5): (w: Float64Array, tick: number) => void {
  const rng = new Rng(seed);
  return (w, tick) => {
    if (tick % 30 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-size, size) * L.velocity[j];
  };
}

test(
  "every command goes on from the state and acceleration it was given, keeps position, " +
    "velocity, acceleration and jerk at δ/20 of step and fail-safe trajectory, and ends at rest",
  () => {
    for (const guardrails of [[], walled()]) {
      let commands = 0,
        slowed = 0;
      const probe: Guardrail = {
        name: "probe",
        unit: "m",
        escapable: false,
        margin: (r, out) => void ((out[0] = 1), (seen = r)),
      };
      let seen!: Rollouts;
      const s = new SafetyFilter(L, new Sweep(a), [probe, ...guardrails], dt);
      drive(s, 400, restless(1), (c, here) => {
        if (c === undefined) return;
        commands++;
        if (s.verdict.kind === "limit" && s.verdict.by === "wall") slowed++;
        for (let j = 0; j < n; j++) {
          let last = here.a[j];
          assert.equal(c.q[j], here.q[j]);
          assert.equal(c.v[j], here.v[j]);
          for (let i = 0; i + 1 < c.N; i++) {
            const [u0, u1] = ends(c, i, j),
              jerk = (u1 - u0) / dt;
            assert.ok(
              Math.abs(seen.drive!.begin[i * n + j] - u0) < 1e-6 && Math.abs(seen.drive!.end[i * n + j] - u1) < 1e-6,
              "guardrails see these accelerations",
            );
            assert.ok(Math.max(Math.abs(u0), Math.abs(u1)) <= L.acceleration[j] + 1e-7, `acceleration ${u0}, ${u1}`);
            if (J[j] < Infinity)
              assert.ok(
                Math.abs(u0 - last) < 1e-7,
                `joint ${j + 1}, knot ${i}: acceleration jumps from ${last} to ${u0}`,
              );
            if (J[j] < Infinity) assert.ok(Math.abs(jerk) <= J[j] * (1 + 1e-6), `jerk ${jerk}`);
            last = u1;
            for (let k = 0; k <= 20; k++) {
              const t = (k * dt) / 20,
                x = c.q[i * n + j] + (c.v[i * n + j] + (u0 / 2 + (jerk * t) / 6) * t) * t,
                v = c.v[i * n + j] + (u0 + (jerk * t) / 2) * t;
              assert.ok(
                x >= L.lo[j] - 1e-9 && x <= L.hi[j] + 1e-9 && Math.abs(v) <= L.velocity[j] * (1 + 1e-9),
                `${x} rad, ${v} rad/s`,
              );
            }
          }
          assert.equal(c.v[(c.N - 1) * n + j], 0);
          if (J[j] < Infinity) assert.ok(Math.abs(last) < 1e-7, `ends with ${last} rad/s²`);
        }
      });
      assert.ok(commands > 200, `${commands}`);
      if (guardrails.length > 0) assert.ok(slowed > 0, "less of a request is tried before the fail-safe trajectory");
    }
  },
);

test(
  "what left goes on to be accepted: pushed at every limit, " +
    "without obstacles, no step is ever refused, and the limits are reached",
  () => {
    let refused = 0,
      nearest = Infinity;
    const rng = new Rng(2),
      sign = new Float64Array(n);
    drive(
      new SafetyFilter(L, new Sweep(a), [], dt),
      4000,
      (w, tick) => {
        if (tick % 200 === 0) for (let j = 0; j < n; j++) sign[j] = rng.bits() & 1 ? 1 : -1;
        for (let j = 0; j < n; j++) w[j] = sign[j] * 1e6;
      },
      (c, here) => {
        if (c === undefined) refused++;
        nearest = Math.min(nearest, L.hi[0] - here.q[0], here.q[0] - L.lo[0]);
      },
    );
    assert.equal(refused, 0);
    assert.ok(nearest > -1e-9 && nearest < 0.01, `${nearest} rad`);
  },
);

test("a safe request passes bit for bit, and what passed once passes again", () => {
  const s = new SafetyFilter(L, new Sweep(a), walled(), dt),
    rng = new Rng(3);
  let passed = 0;
  drive(
    s,
    1500,
    (w, _, { v, a: u }) => {
      for (let j = 0; j < n; j++) {
        const next =
            Math.max(-1, Math.min(1, u[j] / L.acceleration[j] - 0.3 * v[j] + rng.range(-0.2, 0.2))) * L.acceleration[j],
          reach = Math.min(J[j] * dt, 1e9);
        w[j] = v[j] + 0.5 * (u[j] + Math.max(u[j] - reach, Math.min(u[j] + reach, next))) * dt;
      }
    },
    (c, here, w) => {
      if (c === undefined) return;
      if (s.verdict.kind === "pass") {
        passed++;
        for (let j = 0; j < n; j++) assert.equal(c.v[n + j], w[j]);
      }
      const first = c.v.slice(n, 2 * n),
        twice = s.step(0, here.q, here.v, first, world(0), here.a);
      assert.equal(s.verdict.kind, "pass");
      for (let j = 0; j < n; j++) assert.equal(twice!.v[n + j], first[j]);
    },
  );
  assert.ok(passed > 300, `${passed} passed`);
});

test("an acceleration that is missing or no number leaves the stored fail-safe trajectory", () => {
  const s = new SafetyFilter(L, new Sweep(a), [], dt),
    zero = new Float64Array(n);
  assert.equal(s.step(0, folded, zero, zero, world(0)), undefined);
  assert.equal(s.verdict.by, "finite");
  for (const bad of [NaN, Infinity])
    assert.equal(
      s.step(
        0,
        folded,
        zero,
        zero,
        world(0),
        Float64Array.from(zero, (_, j) => (j === 2 ? bad : 0)),
      ),
      undefined,
    );
  for (const far of [1e3, -1e3])
    assert.equal(
      s.step(
        0,
        folded,
        zero,
        zero,
        world(0),
        Float64Array.from(zero, (_, j) => (j === 2 ? far : 0)),
      ),
      undefined,
    ); // no stop from there
  assert.ok(s.step(0, folded, zero, zero, world(0), zero) !== undefined);
});

test("a joint that declares no jerk moves as on an arm that declares none, bit for bit", () => {
  const bare = new SafetyFilter(arm("arm7").limits, new Sweep(a), [], dt),
    j = n - 1;
  drive(new SafetyFilter(L, new Sweep(a), [], dt), 600, restless(4), (c, here, w) => {
    const of = bare.step(0, here.q, here.v, w, world(0))!;
    for (let i = 0; i < Math.min(of.N, c!.N); i++)
      assert.deepEqual([c!.q[i * n + j], c!.v[i * n + j]], [of.q[i * n + j], of.v[i * n + j]]);
  });
});

test("with jerk limits, too, the safety filter allocates nothing", async () => {
  const s = new SafetyFilter(L, new Sweep(a), walled(), dt);
  const requested = restless(6, 0.5),
    from = world(0),
    w = new Float64Array(n),
    q = folded.slice(),
    v = new Float64Array(n),
    u = new Float64Array(n);
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) {
      requested(w, i);
      const c = s.step(0, q, v, w, from, u);
      if (c === undefined) (q.set(folded), v.fill(0), u.fill(0));
      else
        for (let j = 0; j < n; j++) {
          const k = n + j;
          u[j] = (2 * c.v[j] + 4 * c.v[k] - (6 * (c.q[k] - c.q[j])) / dt) / dt;
          ((q[j] = c.q[k]), (v[j] = c.v[k]));
        }
    }
  };
  const bytes = await allocated(() => run(10_000), 80_000);
  assert.ok(bytes < 80_000, `${bytes} bytes in 10⁴ steps`); // one number a step would be 160 kB
});

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
