import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../../src/core/math/Rng.js";
import { ClockFilter, type ClockLine } from "../../../../src/adapters/ros/agent/ClockFilter.js";

interface Run {
  readonly errors: number[]; // s of simulated time, at each message after the settling time
  readonly steps: number[]; // growth of the clock between two instants 1 ms apart
}

const at = (line: ClockLine, t: number): number => line.at + line.rate * (t - line.since);

/**
 * Clock messages of a simulation at a given rate, each late by an exponentially distributed time and now and then by
 * much more.
 */
function play(seed: number, rate: number, jitter: number, period = 0.01): Run {
  const rng = new Rng(seed);
  const filter = new ClockFilter();
  const messages: { stamp: number; arrival: number }[] = [];
  for (let t = 100; t < 108; t += period) {
    const delay = 0.0003 - jitter * Math.log(1 - rng.uniform()) + (rng.uniform() < 0.01 ? 0.03 : 0);
    messages.push({
      stamp: 5000 + rate * (t - 100),
      arrival: Math.max(t + delay, (messages.at(-1)?.arrival ?? 0) + 1e-6),
    });
  }
  const errors: number[] = [],
    steps: number[] = [];
  let line: ClockLine | undefined,
    i = 0,
    last = NaN;
  for (let t = 100; t < 108; t += 0.001) {
    for (; i < messages.length && messages[i].arrival <= t; i++)
      line = filter.observe(messages[i].stamp, messages[i].arrival) ?? line;
    if (line === undefined) continue;
    const now = at(line, t);
    if (last === last) steps.push(now - last);
    last = now;
    if (t > 102) errors.push(now - (5000 + rate * (t - 100)));
  }
  return { errors, steps };
}

for (const rate of [0.5, 1, 2, 4]) {
  test(
    `at ${rate}× and messages that are milliseconds late, ` + "the clock is monotone and within 2 ms of wall time",
    () => {
      for (let seed = 1; seed <= 20; seed++) {
        const { errors, steps } = play(seed, rate, 0.003);
        assert.ok(
          steps.every((d) => d >= 0),
          `seed ${seed}: it went back by ${Math.min(...steps)} s`,
        );
        const worst = Math.max(...errors.map(Math.abs)) / rate;
        assert.ok(worst < 0.002, `seed ${seed}: off by ${(1000 * worst).toFixed(2)} ms`);
      }
    },
  );
}

test("a simulation that changes its pace is followed", () => {
  const filter = new ClockFilter();
  let line: ClockLine | undefined,
    stamp = 10;
  for (let t = 0; t < 6; t += 0.01) {
    stamp += t < 3 ? 0.01 : 0.005;
    line = filter.observe(stamp, t) ?? line;
  }
  assert.ok(Math.abs(at(line!, 6) - stamp) < 0.01);
  assert.ok(Math.abs(line!.rate - 0.5) < 0.02);
});

test(
  "a simulation set back sets the clock back, at once and counted; " +
    "a few milliseconds are disorder, not time travel",
  () => {
    const filter = new ClockFilter();
    let line: ClockLine | undefined;
    for (let t = 0; t < 2; t += 0.01) line = filter.observe(50 + t, t) ?? line;
    assert.equal(filter.observe(51.987, 2.001), undefined);
    assert.equal(filter.resets, 0);
    const back = filter.observe(3, 2.01);
    assert.equal(back?.at, 3);
    assert.equal(filter.resets, 1);
  },
);

test("while /clock is silent time stands still; it goes on from there, never backwards", () => {
  const filter = new ClockFilter();
  let line: ClockLine | undefined;
  for (let t = 0; t < 2; t += 0.01) line = filter.observe(50 + t, t) ?? line;
  assert.equal(filter.check(2.1), undefined);
  line = filter.check(2.3)!;
  assert.equal(line.rate, 0);
  assert.ok(at(line, 9) < 52.4);
  assert.equal(filter.check(9), undefined);
  let before = at(line, 9),
    truth = NaN;
  for (let t = 9; t < 11; t += 0.01) {
    truth = 52 + t - 9; // paused: simulated time went on where it was
    line = filter.observe(truth, t) ?? line;
    assert.ok(at(line, t) >= before - 1e-12);
    before = at(line, t);
  }
  assert.ok(Math.abs(before - truth) < 0.005);
});

test("another simulation that begins far ahead and runs faster is leapt to and followed", () => {
  const filter = new ClockFilter();
  let line: ClockLine | undefined;
  for (let t = 0; t < 2; t += 0.01) line = filter.observe(50 + t, t) ?? line;
  for (let t = 5; t < 7; t += 0.01) line = filter.observe(2000 + 2 * (t - 5), t) ?? line;
  assert.ok(Math.abs(at(line!, 7) - 2004) < 0.005);
  assert.ok(Math.abs(line!.rate - 2) < 0.01);
});

test("stamps that are no numbers change nothing", () => {
  const filter = new ClockFilter();
  filter.observe(1, 1);
  for (const bad of [NaN, Infinity, -Infinity]) assert.equal(filter.observe(bad, 2), undefined);
});

/**
 * A busy machine: the simulation's pace wanders between half and one and a half, /clock comes every `period`, both late
 * at random; a bridge holds /clock back for up to `held` s again and again, while joint states pass.
 * @returns by how much joint states' stamps were ahead, at worst, of the clock that hears them
 */
function ahead(seed: number, period: number, witnessed: boolean, held = 0): { worst: number; early: number } {
  const rng = new Rng(seed),
    filter = new ClockFilter();
  let truth = 5000,
    pace = 1,
    line: ClockLine | undefined,
    worst = -Infinity,
    early = -Infinity,
    due = 0,
    change = 0,
    gate = -Infinity,
    joint = 0,
    clock = 0; // what comes on a topic comes in order
  const late = (t: number): number => t + 0.0005 - 0.003 * Math.log(1 - rng.uniform());
  const way: { at: number; stamp: number; clock: boolean }[] = [];
  for (let k = 0; k < 8000; k++) {
    const t = 100 + k * 0.001;
    if (k >= change) ((pace = rng.range(0.5, 1.5)), (change = k + 300));
    truth += 0.001 * pace;
    if (k % 250 === 0) gate = t + rng.range(0, held);
    if (k % 5 === 0) way.push({ at: (joint = Math.max(joint, late(t))), stamp: truth, clock: false });
    if (k >= due)
      ((due += 1000 * period), way.push({ at: (clock = Math.max(clock, gate, late(t))), stamp: truth, clock: true }));
    for (const m of way.filter((x) => x.at <= t)) {
      way.splice(way.indexOf(m), 1);
      if (m.clock) line = filter.observe(m.stamp, t) ?? line;
      else if (witnessed) line = filter.witness(m.stamp, t) ?? line;
      if (line !== undefined && !m.clock && k > 500) worst = Math.max(worst, m.stamp - at(line, t));
    }
    if (line !== undefined && k > 500) early = Math.max(early, at(line, t) - truth);
  }
  return { worst, early };
}

for (const hertz of [10, 30, 50, 100, 500, 1000])
  test(
    `/clock at ${hertz} Hz of a simulation whose pace wanders: ` +
      "no joint state that is heard is ahead of the clock by more than 5 ms",
    () => {
      let blind = -Infinity;
      for (let seed = 1; seed <= 10; seed++) {
        const { worst, early } = ahead(seed, 1 / hertz, true),
          alone = ahead(seed, 1 / hertz, false);
        assert.ok(worst <= 0.005 + 1e-9, `seed ${seed}: ${worst} s ahead`);
        assert.ok(
          early < alone.early + Math.max(0.03, 0.5 / hertz),
          `seed ${seed}: the clock runs ${early} s before the simulation, ${alone.early} by /clock alone`,
        );
        blind = Math.max(blind, alone.worst);
      }
      for (let seed = 1; seed <= 10; seed++) {
        const { worst } = ahead(seed, 1 / hertz, true, 0.06);
        assert.ok(worst <= 0.005 + 1e-9, `seed ${seed}, /clock held back by a bridge: ${worst} s ahead`);
      }
      if (hertz === 10) assert.ok(blind > 0.02, `and without them some would be refused: ${blind}`);
    },
  );

test("a stamp that /clock does not bear out proves nothing, and many of them do not drag time along", () => {
  const filter = new ClockFilter();
  let line: ClockLine | undefined;
  for (let t = 0; t < 6; t += 0.01) {
    line = filter.observe(50 + t, t) ?? line;
    assert.equal(filter.witness(50 + t + 0.5, t + 0.001), undefined);
    line = filter.witness(50 + t + Math.min(0.09, 0.05 * t), t + 0.002) ?? line;
    for (const bad of [NaN, Infinity, -Infinity, 1]) assert.equal(filter.witness(bad, t + 0.003), undefined);
    assert.ok(at(line!, t) - 50 - t < 0.13);
  }
});
