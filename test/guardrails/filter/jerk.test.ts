import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { sampleCommand } from "../../../src/core/commands/sampleCommand.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { Command } from "../../../src/core/Command.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { allocated } from "../allocated.js";
import { arm, watched, world } from "../setups.js";
import { a, dt, J, L, n, type Here } from "./jerkyArm.js";

// The safety filter of an arm whose joints have jerk limits.

const wall: Shape = { kind: "box", center: [0.36, 0.02, 0.45], size: [0.04, 0.16, 0.9], orientation: [0, 0, 0, 1] };

const folded = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

const walled = (): Guardrail[] => [new KeepOut("wall", [wall], watched(a), 0.01)];

/** The accelerations of joint j at the ends of the interval that begins at knot i, of the cubic through both. */
function ends(c: Command, i: number, j: number): [number, number] {
  const k = i * n + j,
    mean = (c.q[k + n] - c.q[k]) / c.dt;
  return [(6 * mean - 4 * c.v[k] - 2 * c.v[k + n]) / c.dt, (2 * c.v[k] + 4 * c.v[k + n] - 6 * mean) / c.dt];
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
