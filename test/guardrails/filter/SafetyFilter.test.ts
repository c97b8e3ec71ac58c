import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { sampleCommand } from "../../../src/core/commands/sampleCommand.js";
import type { Command } from "../../../src/core/Command.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import type { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { viableVelocities } from "../../../src/guardrails/filter/viableVelocities.js";
import { allocated } from "../allocated.js";
import { person, world } from "../setups.js";
import { a, n, dt, folded, filter } from "./drive.js";

// What the safety filter lets through: it keeps the viable set, ends at rest, and what is safe passes as it is.

/**
 * Drives a safety filter for `ticks` as the reflex does: each command's first step is taken, or the stored fail-safe
 * trajectory goes on.
 */
function drive(
  s: SafetyFilter,
  ticks: number,
  requested: (w: Float64Array, tick: number, q: Float64Array, v: Float64Array) => void,
  look: (c: Command | undefined, q: Float64Array, v: Float64Array, w: Float64Array, t: number) => void,
  bodies: (t: number) => Body[] = () => [],
): void {
  let q = folded.slice(),
    v = new Float64Array(n),
    failSafe: { c: Command; i: number } | undefined;
  const w = new Float64Array(n);
  for (let i = 0; i < ticks; i++) {
    requested(w, i, q, v);
    const t = i * dt,
      c = s.step(t + dt, q, v, w, world(t, bodies(t)));
    look(c, q, v, w, t);
    if (c !== undefined) failSafe = { c: { ...c, q: c.q.slice(), v: c.v.slice() }, i: 1 };
    else if (failSafe !== undefined) failSafe.i = Math.min(failSafe.i + 1, failSafe.c.N - 1);
    if (failSafe === undefined) continue;
    q = failSafe.c.q.slice(failSafe.i * n, (failSafe.i + 1) * n);
    v = failSafe.c.v.slice(failSafe.i * n, (failSafe.i + 1) * n);
  }
}

/** Wishes that push, reverse and jump. */
function restless(seed: number, size = 1.5): (w: Float64Array, tick: number) => void {
  const rng = new Rng(seed);
  return (w, tick) => {
    if (tick % 30 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-size, size) * a.limits.velocity[j];
  };
}

test("every command begins with the state it was given, obeys the viable set at each knot, and ends at rest", () => {
  const lower = new Float64Array(n),
    upper = new Float64Array(n);
  let commands = 0;
  drive(filter(), 3000, restless(1), (c, q, v) => {
    if (c === undefined) return;
    commands++;
    for (let j = 0; j < n; j++) {
      assert.equal(c.q[j], q[j]);
      assert.equal(c.v[j], v[j]);
      assert.equal(c.v[(c.N - 1) * n + j], 0);
    }
    assert.ok(c.N >= 2 && c.q.length === c.N * n && c.v.length === c.N * n);
    for (let i = 0; i + 1 < c.N; i++) {
      viableVelocities(lower, upper, c.q, c.v, i * n, a.limits, dt);
      for (let j = 0; j < n; j++) {
        const x = c.v[(i + 1) * n + j],
          e = 1e-9;
        assert.ok(
          x >= lower[j] - e && x <= upper[j] + e,
          `knot ${i}, joint ${j}: ${x} not in [${lower[j]}, ${upper[j]}]`,
        );
        assert.ok(Math.abs(c.q[(i + 1) * n + j] - c.q[i * n + j] - 0.5 * (x + c.v[i * n + j]) * dt) < 1e-12);
      }
    }
  });
  assert.ok(commands > 500);
});

test("between knots, cubic Hermite gives back constant acceleration", () => {
  const q = new Float64Array(n),
    v = new Float64Array(n),
    rng = new Rng(2);
  drive(filter([]), 300, restless(2), (c) => {
    if (c === undefined) return;
    const i = rng.bits() % (c.N - 1),
      s = rng.uniform() * dt;
    sampleCommand(q, v, c, c.stamp + i * dt + s);
    for (let j = 0; j < n; j++) {
      const v0 = c.v[i * n + j],
        u = (c.v[(i + 1) * n + j] - v0) / dt;
      assert.ok(Math.abs(v[j] - (v0 + u * s)) < 1e-9);
      assert.ok(Math.abs(q[j] - (c.q[i * n + j] + v0 * s + 0.5 * u * s * s)) < 1e-11);
    }
  });
});

test("a safe request passes bit for bit, and what passed once passes again: the filter is idempotent", () => {
  const s = filter(),
    rng = new Rng(3),
    lower = new Float64Array(n),
    upper = new Float64Array(n);
  let passed = 0,
    again = 0;
  drive(
    s,
    2000,
    (w, _, q, v) => {
      viableVelocities(lower, upper, q, v, 0, a.limits, dt);
      for (let j = 0; j < n; j++) w[j] = lower[j] + (upper[j] - lower[j]) * rng.uniform();
    },
    (c, q, v, w, t) => {
      if (c === undefined) return;
      if (s.verdict.kind === "pass") {
        passed++;
        for (let j = 0; j < n; j++) assert.equal(c.v[n + j], w[j]);
      }
      const first = c.v.slice(n, 2 * n);
      const twice = s.step(t + dt, q, v, first, world(t));
      assert.equal(s.verdict.kind, "pass");
      for (let j = 0; j < n; j++) assert.equal(twice!.v[n + j], first[j]);
      again++;
    },
  );
  assert.ok(passed > 500 && again >= passed, `${passed} passed`);
});

test("a request beyond what may be reached is cut back to it, and that is told", () => {
  const s = filter([]),
    lower = new Float64Array(n),
    upper = new Float64Array(n);
  let cut = 0;
  drive(s, 1000, restless(6), (c, q, v, w) => {
    viableVelocities(lower, upper, q, v, 0, a.limits, dt);
    const beyond = w.some((x, j) => x < lower[j] - 1e-6 || x > upper[j] + 1e-6);
    assert.deepEqual([s.verdict.kind, s.verdict.by], beyond ? ["limit", "joint_limits"] : ["pass", ""]);
    for (let j = 0; j < n; j++) assert.equal(c!.v[n + j], Math.max(lower[j], Math.min(upper[j], w[j])));
    if (beyond) cut++;
  });
  assert.ok(cut > 100, `${cut} were cut`);
});

test(
  "the fail-safe trajectory of what left goes on to be accepted: " + "braking is never refused, whatever stands around",
  () => {
    const s = filter();
    let command: Command | undefined;
    drive(s, 2000, restless(4), (c, q, v, _, t) => {
      if (c === undefined) return;
      command = { ...c, q: c.q.slice(), v: c.v.slice() };
      const q1 = command.q.slice(n, 2 * n),
        v1 = command.v.slice(n, 2 * n),
        brake = command.v.slice(Math.min(2, c.N - 1) * n, (Math.min(2, c.N - 1) + 1) * n);
      assert.ok(s.step(t + 2 * dt, q1, v1, brake, world(t + dt)) !== undefined, `${s.verdict.by} ${s.verdict.margin}`);
      (void q, v);
    });
  },
);

test(
  "where the hardest braking breaks a guardrail, all joints may brake together: " +
    "straight on, within A, past no limit, in the same time; the request passes whole",
  () => {
    let fussy = false,
      asked = 0,
      together = 0,
      kept = 0;
    const every: Guardrail = {
      name: "every",
      unit: "m",
      escapable: false,
      margin: (_, out) => void (out[0] = fussy && asked++ === 0 ? -1 : 1),
    };
    const s = filter([every]),
      { lo, hi, acceleration } = a.limits;
    drive(s, 3000, restless(7), (c, q, v, w, t) => {
      if (c === undefined) return;
      const knots = c.N,
        { kind, by } = s.verdict;
      ((fussy = true), (asked = 0));
      const other = s.step(t + dt, q, v, w, world(t))!;
      fussy = false;
      for (let j = 0; j < n; j++)
        assert.ok(
          other.q[(other.N - 1) * n + j] >= Math.min(lo[j], q[j]) &&
            other.q[(other.N - 1) * n + j] <= Math.max(hi[j], q[j]),
        );
      // no other fail-safe trajectory, or one past a limit: less of the request goes out
      if (s.verdict.by === "every") return void kept++;
      together++;
      assert.deepEqual([s.verdict.kind, s.verdict.by, other.N], [kind, by, knots]);
      assert.deepEqual([...s.margins], [1]);
      for (let i = 1; i < other.N; i++)
        for (let j = 0; j < n; j++) {
          const w1 = other.v[n + j],
            x = other.v[i * n + j],
            before = other.v[(i - 1) * n + j];
          assert.ok(Math.abs(x - (w1 * (other.N - 1 - i)) / (other.N - 2)) < 1e-12);
          assert.ok(Math.abs(x - before) <= acceleration[j] * dt * (1 + 1e-9));
          assert.ok(Math.abs(other.q[i * n + j] - other.q[(i - 1) * n + j] - 0.5 * (x + before) * dt) < 1e-12);
        }
    });
    assert.ok(together > 500 && kept > 50, `${together} together, ${kept} not`);
  },
);

test("the safety filter allocates nothing: not one number a step", async () => {
  const s = filter(),
    rng = new Rng(6),
    q = folded.slice(),
    v = new Float64Array(n),
    w = new Float64Array(n);
  const from = world(0, [person([1.2, 0, 0.3], [1.2, 0, 1.5], 0.2, 0)]) as { stamp: number } & ReturnType<typeof world>;
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) {
      if (i % 20 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-2, 2);
      const c = s.step(dt, q, v, w, from);
      if (c !== undefined) for (let j = 0; j < n; j++) ((q[j] = c.q[n + j]), (v[j] = c.v[n + j]));
      else (q.set(folded), v.fill(0));
    }
  };
  const bytes = await allocated(() => run(20_000), 160_000);
  assert.ok(bytes < 160_000, `${bytes} bytes in 2·10⁴ steps`); // one number a step would be 320 kB
});

test("with nobody and nothing around, less than 1 % of the steps of a plan within its limits are touched", () => {
  const s = filter([]);
  let touched = 0,
    ticks = 0;
  const rng = new Rng(8),
    aim = new Float64Array(n);
  drive(
    s,
    3000,
    (w, tick, q) => {
      if (tick % 100 === 0) for (let j = 0; j < n; j++) aim[j] = rng.range(a.limits.lo[j], a.limits.hi[j]) * 0.8;
      for (let j = 0; j < n; j++) w[j] = Math.max(-1, Math.min(1, aim[j] - q[j])) * 0.02;
    },
    () => (ticks++, (touched += s.verdict.kind === "pass" ? 0 : 1)),
  );
  assert.ok(touched < 0.01 * ticks, `${touched} of ${ticks}`);
});
