import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../../src/core/Command.js";
import { JoinedCommands, type JoinedCommand } from "../../../src/core/commands/JoinedCommands.js";
import { Rng } from "../../../src/core/math/Rng.js";

const DT = 0.01,
  A = 5,
  LEAD = 0.033;

/** One joint from (q, v): a step at acceleration a, then the hardest braking to rest. */
function command(stamp: number, q: number, v: number, a: number): Command {
  const qs = [q],
    vs = [v];
  for (let w = v + a * DT; ; w = Math.max(0, vs.at(-1)! - A * DT)) {
    qs.push(qs.at(-1)! + 0.5 * (vs.at(-1)! + w) * DT);
    vs.push(w);
    if (w === 0) break;
  }
  return { stamp, dt: DT, N: qs.length, nq: 1, q: Float64Array.from(qs), v: Float64Array.from(vs) };
}

/** A stream that goes on from each one's second knot. @param lost which of them never leave */
function stream(n: number, seed: number, epoch = 0): Command[] {
  const rng = new Rng(seed),
    all: Command[] = [];
  for (let k = 0, q = 0.3, v = 0; k < n; k++) {
    const c = command(epoch + DT * k, q, v, v < 0.5 ? A * rng.uniform() : -A * rng.uniform());
    all.push(c);
    [q, v] = [c.q[1], c.v[1]];
  }
  return all;
}

/** Where a message has the joint at t after its own origin: an independent reading of its points. */
function at({ since, knots }: JoinedCommand, t: number): number {
  const x = t - since,
    i = knots.findLastIndex((k) => k.t <= x + 1e-9),
    a = knots[Math.max(0, i)],
    b = knots[Math.min(i + 1, knots.length - 1)];
  const T = b.t - a.t,
    s = T > 0 && i >= 0 ? (x - a.t) / T : 0;
  return (
    a.q[0] * (1 - 3 * s ** 2 + 2 * s ** 3) +
    b.q[0] * (3 * s ** 2 - 2 * s ** 3) +
    T * (a.v[0] * (s - 2 * s ** 2 + s ** 3) + b.v[0] * (s ** 3 - s ** 2))
  );
}

for (const epoch of [0, 1_764_490_000.123])
  test(
    "of two messages of a stream the later one says the same of all times before its command, " +
      `and of its command each knot (clock at ${epoch} s)`,
    () => {
      const all = stream(60, 7, epoch),
        joined = new JoinedCommands(LEAD),
        told = all.map((c) => joined.of(c));
      told.forEach((m, k) => {
        const c = all[k],
          first = m.knots.length - c.N;
        assert.deepEqual(
          m.knots.slice(first).map((x) => [x.q[0], x.v[0]]),
          Array.from(c.q, (q, i) => [q, c.v[i]]),
        );
        assert.equal(m.origin, epoch);
        assert.ok(Math.abs(m.since + m.knots[first].t - DT * k) < 1e-9, "begins when it should");
        assert.ok(first === Math.min(k, 7), `${first} knots before it`);
        for (let i = 1; i < m.knots.length; i++) assert.ok(Math.abs(m.knots[i].t - m.knots[i - 1].t - DT) < 1e-12);
        const before = told[k - 1];
        if (before !== undefined)
          for (let t = Math.max(m.since, before.since); t < DT * k; t += DT / 7)
            assert.ok(Math.abs(at(m, t) - at(before, t)) < 1e-9, `message ${k} at ${t} s`);
      });
    },
  );

test(
  "what leads nowhere is left out: the first command, " + "one after the arm was moved, one after a leap of the clock",
  () => {
    const joined = new JoinedCommands(LEAD),
      all = stream(20, 3);
    assert.equal(joined.of(all[0]).knots.length, all[0].N);
    all.slice(1).forEach((c) => joined.of(c));
    const moved = command(0.2, 1.3, 0, A),
      leapt = command(100, all[19].q.at(-1)! + 0.01, 0, A);
    assert.equal(joined.of(moved).knots.length, moved.N);
    assert.equal(joined.of(leapt).knots.length, leapt.N);
  },
);

test("an arm that rests is told so from before it goes on", () => {
  const joined = new JoinedCommands(LEAD),
    [first] = stream(1, 3);
  joined.of(first);
  const again = command(30, first.q.at(-1)!, 0, A),
    { knots } = joined.of(again);
  assert.equal(knots.length, again.N + 1);
  assert.deepEqual([knots[0].q[0], knots[0].v[0]], [first.q.at(-1), 0]);
  assert.ok(knots[1].t >= LEAD + 0.03 - 1e-9);
});

test(
  "however short the period, the path before a command goes back to before it can arrive; " +
    "of what is older no more is kept",
  () => {
    for (const dt of [0.0005, 0.001, 0.002, 0.02]) {
      const joined = new JoinedCommands(0.05),
        path: Command[] = [];
      for (let k = 0; k < 1200; k++)
        path.push({
          stamp: k * dt,
          dt,
          N: 3,
          nq: 1,
          q: Float64Array.of(0.1 * k * dt, 0.1 * (k + 1) * dt, 0.1 * (k + 1.5) * dt),
          v: Float64Array.of(0.1, 0.1, 0),
        });
      const told = path.map((c) => joined.of(c)).at(-1)!;
      assert.equal(told.knots.length - 3, Math.ceil(0.08 / dt - 1e-9), `${dt} s`);
      assert.ok((joined as unknown as { sent: Command[] }).sent.length <= 3.1 / dt + 2);
    }
  },
);

test(
  "the fail-safe trajectory of an older command, " + "on which the arm is known to be, follows that command's own path",
  () => {
    const joined = new JoinedCommands(LEAD),
      all = stream(30, 5);
    all.forEach((c) => joined.of(c));
    const older = all[24],
      i = 4,
      failSafe: Command = {
        stamp: older.stamp + i * DT,
        dt: DT,
        N: older.N - i,
        nq: 1,
        q: older.q.subarray(i),
        v: older.v.subarray(i),
      };
    const m = joined.of(failSafe);
    for (let k = 0; k <= i; k++) assert.ok(Math.abs(at(m, older.stamp + k * DT) - older.q[k]) < 1e-12);
  },
);
