import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { BeliefMemory } from "../../../src/memory/beliefs/BeliefMemory.js";
import { mergeBodies } from "../../../src/memory/beliefs/mergeBodies.js";
import { TrackedBodies } from "../../../src/memory/beliefs/TrackedBodies.js";

type Vec = [number, number, number];
const NOISE = 0.02,
  REACH = 1,
  SPEED = 1.6;
const bounds = { speeds: { person: SPEED, object: 0.5 }, noise: NOISE, reach: REACH };
const body = (id: string, p0: Vec, o: Partial<Body> = {}): Body => ({
  id,
  kind: "person",
  p0,
  p1: [p0[0], p0[1], p0[2] + 0.1],
  radius: 0.05,
  speedBound: SPEED,
  stamp: 0,
  ...o,
});

/**
 * Of a point from a segment: the altitude of the triangle that they make (Heron), where its angles at the segment are
 * not obtuse.
 */
function fromSegment(x: readonly number[], a: readonly number[], b: readonly number[]): number {
  const far = (p: readonly number[], q: readonly number[]): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  const xa = far(x, a),
    xb = far(x, b),
    ab = far(a, b);
  if (ab < 1e-12 || xb * xb >= xa * xa + ab * ab) return xa;
  if (xa * xa >= xb * xb + ab * ab) return xb;
  const s = (xa + xb + ab) / 2;
  return (2 * Math.sqrt(Math.max(0, s * (s - xa) * (s - xb) * (s - ab)))) / ab;
}

/** How far the capsule sticks out of the region that a body stands for at t, m: ends and middle looked at. */
function sticksOut(part: Body, region: Body, t: number, noise: number): number {
  const middle = part.p0.map((x, i) => (x + part.p1[i]) / 2);
  const worst = Math.max(...[part.p0, middle, part.p1].map((x) => fromSegment(x, region.p0, region.p1)));
  return worst + part.radius - region.radius - noise - region.speedBound * (t - region.stamp);
}
const uncovered = (part: Body, regions: readonly Body[], t: number, noise = NOISE): number =>
  Math.min(Infinity, ...regions.map((r) => sticksOut(part, r, t, noise)));

/** A person of several parts about a middle that walks; each part at most at the speed bound. */
class Walker {
  readonly parts: Vec[];
  private readonly to: Vec[];
  constructor(
    readonly id: string,
    n: number,
    private readonly rng: Rng,
  ) {
    const middle = [rng.range(-1, 1), rng.range(-1, 1), 0.5];
    this.parts = Array.from({ length: n }, () => middle.map((x) => x + rng.range(-0.5, 0.5)) as Vec);
    this.to = this.parts.map((p) => [...p] as Vec);
  }
  move(dt: number): void {
    this.parts.forEach((p, i) => {
      const to = this.to[i],
        d = Math.hypot(...p.map((x, c) => to[c] - x)),
        step = Math.min(d, SPEED * dt);
      if (d < 1e-9 && this.rng.uniform() < 0.05)
        this.to[i] = [0.6, 0.3, 0.5].map((x) => x + this.rng.range(-0.5, 0.5)) as Vec;
      if (d > 0) for (let c = 0; c < 3; c++) p[c] += (step * (to[c] - p[c])) / d;
    });
  }
  capsules(t: number): Body[] {
    return this.parts.map((p) => body(this.id, [...p], { stamp: t }));
  }
}
const shuffled = <T>(x: readonly T[], rng: Rng): T[] =>
  x
    .map((y) => [rng.uniform(), y] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, y]) => y);

for (const [nobody, hides] of [
  ["all told of", () => false],
  ["any hidden", (rng: Rng) => rng.uniform() < 0.4],
  ["one hidden long", (_: Rng, t: number, i: number) => (Math.floor(t / 3) + i) % 3 === 0],
] as const)
  test(
    `people without ids (${nobody}), near and far: ` + "whoever was told of within reach is where the regions are",
    () => {
      for (let seed = 1; seed <= 3; seed++) {
        const rng = new Rng(seed),
          tracked = new TrackedBodies(bounds),
          people = [new Walker("", 1, rng), new Walker("", 2, rng), new Walker("", 1, rng)];
        const far = people[2].parts[0];
        let told = 0;
        for (let t = 0; t < 12; t += 1 / 30, told++) {
          for (const p of people) p.move(1 / 30);
          far[0] = 5 + rng.range(-0.02, 0.02); // stands out of reach of anybody's parts
          const parts = people.flatMap((p) => p.capsules(t));
          tracked.take(
            t,
            shuffled(
              parts.filter((_, i) => told === 0 || i === 3 || !hides(rng, t, i)),
              rng,
            ),
          );
          if (told % 3 === 0)
            parts.forEach((part, i) =>
              assert.ok(uncovered(part, tracked.bodies, t) < 1e-4, `seed ${seed}, ${t.toFixed(2)} s: part ${i}`),
            );
        }
        if (nobody === "all told of")
          assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [4, 0], "nothing is made up");
      }
    },
  );

test(
  "one without an id who stands still far off frees nobody near, " +
    "is not known twice, and goes when silent, while the near one stays",
  () => {
    const tracked = new TrackedBodies(bounds),
      near = body("", [0.5, 0, 0.3]),
      far = body("", [4, 0, 0.3]),
      other = body("", [0, 4, 0.3]);
    tracked.take(0, [near, far, other]);
    for (let t = 1 / 30; t < 30; t += 1 / 30) {
      tracked.take(t, [far]);
      assert.ok(uncovered(near, tracked.bodies, t) < 1e-6, `${t} s`);
      assert.equal(tracked.bodies.length, t <= 10 ? 3 : 2, `${t} s`);
    }
    tracked.take(31, [far, near]);
    assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [2, 0]);
  },
);

test(
  "one without a name, seen out of reach, " +
    "may be any of two that were hidden for long: the other is still where it was",
  () => {
    const tracked = new TrackedBodies(bounds),
      near = [body("", [0.5, 0, 0.3]), body("", [0.6, 0, 0.3])];
    tracked.take(0, near);
    tracked.take(4, [body("", [4.2, 0, 0.3])]);
    for (const part of near) assert.ok(uncovered(part, tracked.bodies, 4) < 1e-6);
  },
);

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

test("bodies put together hold all of them, now and later", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rng = new Rng(seed),
      now = 5;
    const place = (): Vec => [rng.range(-3, 3), rng.range(-3, 3), rng.range(0, 2)];
    const all = Array.from({ length: 20 + (rng.bits() % 200) }, (_, i): Body => ({
      id: `${i}`,
      kind: rng.uniform() < 0.5 ? "person" : "object",
      p0: place(),
      p1: place(),
      radius: rng.range(0, 0.3),
      speedBound: rng.range(0, 2),
      stamp: rng.range(0, now),
    }));
    const few = mergeBodies(all, 16, 4, now);
    assert.ok(few.length <= 16);
    const near = (b: Body): number => fromSegment([0, 0, 0], b.p0, b.p1) - b.radius - b.speedBound * (now - b.stamp);
    const nearest = [...all].sort((a, b) => near(a) - near(b))[0];
    assert.ok(few.includes(nearest) || near(nearest) > -1, "the nearest stays as it is");
    for (const t of [now, now + 0.1, now + 3]) {
      for (const b of all) {
        const grown: Body = { ...b, radius: b.radius + b.speedBound * (t - b.stamp), stamp: t };
        assert.ok(uncovered(grown, few, t, 0) < 1e-6, `seed ${seed}: ${b.id} sticks out at ${t}`);
      }
    }
  }
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

test(
  "messages: an older one counts only where the clock went back, " +
    "and then nothing older is believed; numbers of no world are refused",
  () => {
    const memory = new BeliefMemory(bounds);
    assert.equal(memory.seeBodies(10, [body("p", [1, 0, 0])], 10), "");
    assert.match(memory.seeBodies(8, [body("q", [1, 0, 0])], 10.1), /older/);
    for (const change of [
      { p0: [1e300, 0, 0] },
      { radius: 1e9 },
      { speedBound: 1e12 },
      { p1: [0, NaN, 0] },
    ] as Partial<Body>[])
      assert.match(memory.seeBodies(10.1, [body("p", [1, 0, 0], change)], 10.1), /finite/);
    assert.equal(memory.bodies.length, 1);
    assert.equal(memory.seeBodies(1, [body("q", [1, 0, 0])], 1), "");
    assert.deepEqual(
      memory.bodies.map((b) => b.id),
      ["q"],
    );
  },
);

test("a clock that is set back a little: who is hidden stays, as old as they were, and grows on", () => {
  for (const back of [0.25, 0.5, 4]) {
    const memory = new BeliefMemory(bounds);
    memory.seeBodies(10, [body("p", [0.5, 0, 1]), body("p", [0.5, 0.6, 1])], 10);
    memory.seeBodies(10.1, [body("p", [0.5, 0, 1])], 10.1); // one is hidden
    assert.equal(memory.seeBodies(10.2 - back, [body("p", [0.5, 0, 1])], 10.2 - back), "");
    const hand = memory.bodies.find((b) => b.p0[1] === 0.6);
    assert.ok(
      hand !== undefined && 10.2 - back - hand.stamp >= 0.1 - 1e-9,
      `${back} s: ${JSON.stringify(memory.bodies)}`,
    );
  }
});

test("objects with new names for ever: no more than 256 are believed, those told of last", () => {
  const memory = new BeliefMemory(bounds);
  for (let i = 0; i < 40; i++) {
    const objects = Array.from({ length: 100 }, (_, k) => ({
      id: `${i} ${k}`,
      position: [0, 0, 0] as const,
      orientation: [0, 0, 0, 1] as const,
      positionStd: 0,
      stamp: i,
    }));
    assert.equal(memory.seeObjects(i, [...objects, { ...objects[0], id: "puck" }], i), "");
  }
  assert.ok(
    memory.objects.length === 256 &&
      memory.objectsById.has("puck") &&
      memory.objectsById.has("39 99") &&
      !memory.objectsById.has("0 0"),
  );
});
