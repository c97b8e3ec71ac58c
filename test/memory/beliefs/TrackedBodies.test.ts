import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { TrackedBodies } from "../../../src/memory/beliefs/TrackedBodies.js";
import { type Vec, NOISE, bounds, body, uncovered, Walker, shuffled } from "./walkers.js";

for (const [name, hides] of [
  ["any of them", (rng: Rng) => rng.uniform() < 0.4],
  ["none of them", () => false],
  ["long", (_: Rng, t: number, i: number) => (Math.floor(t / 3) + i) % 3 === 0],
] as const) {
  test(
    "whoever was told of within reach is where the regions are, " +
      `whatever parts are hidden (${name}), in any order, told with noise`,
    () => {
      for (let seed = 1; seed <= 3; seed++) {
        const rng = new Rng(seed),
          tracked = new TrackedBodies(bounds);
        const people = [new Walker("a", 3, rng), new Walker("b", 1, rng), new Walker("c", 4, rng)];
        const whole = people.flatMap((p) => p.parts.map(() => false)); // whether it was ever told of
        for (let t = 0; t < 12; t += 1 / 30) {
          for (const p of people) p.move(1 / 30);
          const parts = people.flatMap((p) => p.capsules(t));
          const told = parts
            .filter((_, i) => (t === 0 || !hides(rng, t, i)) && (whole[i] = true))
            .map((b) => {
              const off = [0, 0, 0].map(() => rng.range(-1, 1)),
                n = Math.max(1, Math.hypot(...off));
              const shift = (p: Body["p0"]): Vec => p.map((x, c) => x + (NOISE * off[c]) / n) as Vec;
              const turned = rng.uniform() < 0.5;
              return { ...b, p0: shift(turned ? b.p1 : b.p0), p1: shift(turned ? b.p0 : b.p1) };
            });
          tracked.take(t, shuffled(told, rng));
          assert.ok(tracked.bodies.length <= 64);
          if (Math.round(30 * t) % 3 === 0)
            parts.forEach((part, i) => {
              const out = whole[i] ? uncovered(part, tracked.bodies, t) : 0;
              assert.ok(
                out < 1e-4,
                `seed ${seed}, ${t.toFixed(2)} s: part ${i} of ${part.id} sticks out by ${out.toFixed(3)} m`,
              );
            });
        }
        if (name === "none of them")
          assert.deepEqual(
            [tracked.bodies.length, tracked.hidden.length],
            [8, 0],
            "where all are told of nothing is made up",
          );
      }
    },
  );
}

test("fewer parts than before: all stay, however long, until as many come again", () => {
  const tracked = new TrackedBodies(bounds);
  const hand = body("p", [0.5, 0, 0.3]),
    other = body("p", [0.5, 0.8, 0.3]);
  tracked.take(0, [hand, other]);
  for (let t = 0.1; t < 60; t += 0.1) {
    tracked.take(t, [other]);
    assert.ok(uncovered(hand, tracked.bodies, t) < 1e-6, `${t} s`);
  }
  assert.deepEqual(
    tracked.hidden.map(({ id }) => id),
    ["p", "p"],
  );
  assert.ok(tracked.hidden[0].age > 59.8);
  tracked.take(61, [other, hand]);
  assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [2, 0]);
  assert.ok(uncovered(hand, tracked.bodies, 61, 0) < 1e-6);
});

test(
  "as many parts as before, but one of them elsewhere than it can have come to: " +
    "it is another, and the one before it stays",
  () => {
    const tracked = new TrackedBodies(bounds),
      hand = body("p", [0.5, 0, 0.3]);
    tracked.take(0, [hand, body("p", [0.5, 0.8, 0.3])]);
    for (let t = 1; t <= 90; t++) tracked.take(t / 30, [body("p", [0.5, 0.8, 0.3]), body("p", [0.5, -0.9, 0.3])]);
    assert.ok(uncovered(hand, tracked.bodies, 3) < 1e-6);
  },
);

test(
  "an id that falls silent: within reach it stays for ever; " +
    "out of reach it is forgotten after 10 s; where the tracker's range is declared, after that time",
  () => {
    for (const [x, forgetAfter, until] of [
      [0.9, undefined, Infinity],
      [1.8, undefined, Infinity],
      [2, undefined, 10],
      [0.5, 3, 3],
    ] as const) {
      const tracked = new TrackedBodies({ ...bounds, forgetAfter });
      tracked.take(0, [body("p", [x, 0, 0])]);
      for (let t = 0.5; t < 40; t += 0.5) {
        tracked.take(t, []);
        assert.equal(tracked.bodies.length, t <= until ? 1 : 0, `${x} m, ${t} s`);
      }
    }
  },
);

test("of one whose parts are all told of far away, none is hidden near", () => {
  const tracked = new TrackedBodies(bounds);
  tracked.take(0, [body("p", [0.5, 0, 0]), body("p", [0.5, 0.5, 0])]);
  tracked.take(2, [body("p", [3.4, 0, 0])]);
  assert.equal(tracked.hidden.length, 2);
  tracked.take(3, [body("p", [3.7, 0, 0])]);
  assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [1, 0]);
});

test(
  "a tracker that began anew: nobody is forgotten before it tells again; " +
    "then it is as if it had told nothing before, whichever word comes first",
  () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rng = new Rng(seed),
        tracked = new TrackedBodies(bounds),
        fresh = new TrackedBodies(bounds),
        anew = 1 + rng.uniform();
      const message = (): Body[] =>
        Array.from({ length: Math.floor(4 * rng.uniform()) }, () =>
          body(rng.uniform() < 0.5 ? "p" : "q", [2 * rng.uniform(), 2 * rng.uniform(), 0.3]),
        );
      const early = rng.uniform() < 0.5;
      let told = early;
      for (let t = 0.1; t < 3; t += 0.1) {
        const before = tracked.bodies;
        if (early && t > anew && t <= anew + 0.1) {
          tracked.voidUntil(anew);
          assert.deepEqual(tracked.bodies, before, `seed ${seed}: forgotten, and nothing told since`);
        }
        const m = message();
        tracked.take(t, m);
        if (t > anew) fresh.take(t, m);
        if (!told && t > anew + 0.4) (tracked.voidUntil(anew), (told = true));
        if (told && t > anew)
          assert.deepEqual([tracked.bodies, tracked.hidden], [fresh.bodies, fresh.hidden], `seed ${seed}, ${t} s`);
      }
    }
  },
);

test("a speed bound of 0 is none: the agent's own for its kind stands for it", () => {
  const tracked = new TrackedBodies(bounds);
  tracked.take(0, [
    body("p", [1, 0, 0], { speedBound: 0 }),
    body("o", [1, 1, 0], { speedBound: 0, kind: "object" }),
    body("q", [1, 2, 0], { speedBound: 0.3 }),
  ]);
  assert.deepEqual(
    tracked.bodies.map((b) => b.speedBound),
    [1.6, 0.5, 0.3],
  );
});

test("256 new ids at 30 Hz: what is kept and handed on stays bounded, and nobody is left out", () => {
  const rng = new Rng(1),
    tracked = new TrackedBodies(bounds),
    all: Body[] = [];
  for (let i = 0; i < 60; i++) {
    const stamp = i / 30;
    const message = Array.from({ length: 256 }, (_, k) =>
      body(`${i} ${k}`, [rng.range(-3, 3), rng.range(-3, 3), rng.range(0, 2)], { stamp }),
    );
    tracked.take(stamp, message);
    assert.ok(
      tracked.bodies.length <= 64 && tracked.known <= 256 + 32 + 8,
      `${tracked.bodies.length} of ${tracked.known}`,
    );
    all.push(...message);
    if (i % 20 === 19)
      for (const b of all)
        assert.ok(
          uncovered({ ...b, radius: b.radius + b.speedBound * (stamp - b.stamp) }, tracked.bodies, stamp, 0) < 1e-6,
          `${b.id} is left out`,
        );
  }
});
