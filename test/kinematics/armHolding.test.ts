import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape, Vec3 } from "../../src/core/geometry/Shape.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { LinkCapsule } from "../../src/kinematics/Arm.js";
import { armHolding } from "../../src/kinematics/armHolding.js";
import { capsulesOfBox } from "../../src/kinematics/shapes/capsulesOfBox.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { HeldOracle, things } from "../guardrails/HeldOracle.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { arm, between, randomPaths, robots } from "../guardrails/setups.js";

for (const name of robots)
  test(
    `${name}: every point of the thing in the hand, and of one three deviations off, stays inside a capsule of the ` +
      "interval, for knots 10 and 40 ms apart",
    () => {
      const a = arm(name),
        rng = new Rng(3);
      for (const [kind, draw] of Object.entries(things))
        for (const h of [0.01, 0.04]) {
          const held = draw(rng),
            holding = armHolding(a, held),
            held0 = a.capsules.length,
            far = 3 * held.positionStd * 0.999;
          const way = [rng.normal(), rng.normal(), rng.normal()],
            astray = way.map((x) => (far * x) / Math.hypot(...way)) as unknown as Vec3;
          const r = randomPaths(holding, 6, 4, h, rng),
            { geometry, balls, arm: own } = new HeldOracle(a, held, rng, 25, astray);
          new Sweep(holding).fill(r);
          for (let k = 0; k < r.K; k++)
            for (let n = 0; n < r.N; n++)
              for (let i = 0; i < (n + 1 < r.N ? 10 : 1); i++) {
                geometry.place(between(r, k, n, i / 10));
                for (const b of balls) {
                  let room = -Infinity;
                  for (let c = held0; c < r.nc; c++) {
                    const o = (k * r.N + n) * r.nc + c;
                    room = Math.max(
                      room,
                      r.radius[o] - own.capsules[b].radius - geometry.pointToSegment(b, 0, r.capsules, 6 * o),
                    );
                  }
                  assert.ok(room >= -1e-9, `${kind} sticks out by ${-room} m`);
                }
              }
        }
    },
  );

test("a block of 4 cm is enclosed 7.4 mm about it at most, a plate and a cup by less than half their width", () => {
  assert.ok(capsulesOfBox([0.04, 0.04, 0.04], 4).excess < 0.0074);
  assert.ok(capsulesOfBox([0.04, 0.04, 0.04], 1).excess < 0.0147); // one ball
  assert.ok(capsulesOfBox([0.2, 0.1, 0.01], 4).excess < 0.013);
  assert.ok(capsulesOfBox([0.08, 0.08, 0.1], 4).excess < 0.015);
  for (const most of [1, 2, 3, 4, 6]) assert.ok(capsulesOfBox([0.3, 0.2, 0.1], most).capsules.length <= most);
});

test("no thing costs more than six capsules, and the arm's own stay as they are, first", () => {
  const a = arm("arm7"),
    rng = new Rng(4);
  for (const draw of Object.values(things)) {
    const held = draw(rng),
      holding = armHolding(a, held);
    assert.deepEqual(holding.capsules.slice(0, a.capsules.length), a.capsules);
    assert.ok(holding.capsules.length - a.capsules.length <= 6);
    assert.ok(holding.capsules.slice(a.capsules.length).every((c) => c.held === true && c.link === a.nq));
    assert.deepEqual(holding.selfPairs.slice(0, a.selfPairs.length), a.selfPairs);
    assert.equal(holding.held, held);
    assert.equal(holding.inertias, a.inertias);
    const names = holding.capsules.map((c) => c.name);
    assert.equal(new Set(names).size, names.length);
  }
});

for (const name of robots)
  test(`${name}: the thing is kept apart from all links that the hand is, but the last two`, () => {
    const a = arm(name),
      rng = new Rng(5),
      held = things.rod(rng),
      holding = armHolding(a, held),
      added = holding.selfPairs.slice(a.selfPairs.length),
      hand = new Set<number>();
    for (let p = 0; p < a.selfPairs.length; p += 2)
      for (const [x, y] of [
        [a.selfPairs[p], a.selfPairs[p + 1]],
        [a.selfPairs[p + 1], a.selfPairs[p]],
      ])
        if (a.capsules[x].link === a.nq) hand.add(y);
    const kept = new Set<string>();
    for (let p = 0; p < added.length; p += 2) {
      assert.ok(holding.capsules[added[p + 1]].held === true && added[p] < a.capsules.length);
      kept.add(`${added[p]} ${added[p + 1]}`);
    }
    assert.equal(kept.size, added.length / 2);
    for (let c = a.capsules.length; c < holding.capsules.length; c++)
      a.capsules.forEach(({ link }, b) => {
        if (link >= a.nq - 1) assert.ok(!kept.has(`${b} ${c}`));
        else if (hand.has(b)) assert.ok(kept.has(`${b} ${c}`), `${a.capsules[b].name}`);
      });
    assert.ok(added.length > 0);
  });

test("walls, and many small parts, are enclosed by what reaches out least, and by no more than six capsules", () => {
  const a = arm("arm7"),
    pose = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  const of = (parts: readonly Shape[]): readonly LinkCapsule[] =>
    armHolding(a, { id: "x", parts, pose, mass: 0, positionStd: 0 }).capsules.slice(a.capsules.length);
  const box = (center: Vec3, size: Vec3): Shape => ({ kind: "box", center, size, orientation: [0, 0, 0, 1] });
  // an open box of 8 cm, by its walls: 4 cm out of each, or 1.5 cm out of the whole
  const crate = of([
    box([0, 0, -0.038], [0.08, 0.08, 0.004]),
    ...[-0.038, 0.038].flatMap((x) => [box([x, 0, 0], [0.004, 0.08, 0.08]), box([0, x, 0], [0.08, 0.004, 0.08])]),
  ]);
  assert.equal(crate.length, 4);
  assert.ok(crate.every(({ radius }) => radius < 0.036));
  // two balls apart stay two, and twelve small cubes are one box
  const ball = (x: number): Shape => ({ kind: "capsule", p0: [x, 0, 0], p1: [x, 0, 0], radius: 0.02 });
  assert.deepEqual(
    of([ball(-0.1), ball(0.1)]).map(({ radius }) => Number(radius.toFixed(6))),
    [0.02, 0.02],
  );
  assert.equal(
    of(Array.from({ length: 12 }, (_, i) => box([0.1 * (i % 4), 0.1 * (i >> 2), 0], [0.01, 0.01, 0.01]))).length,
    4,
  );
});

test("of links that the hand is not kept from, those are left out that the thing overlaps nearly always", () => {
  const a = arm("ur5"),
    rng = new Rng(6),
    pose = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
    hand = new Set<number>();
  for (let p = 0; p < a.selfPairs.length; p += 2)
    for (const i of [p, p + 1]) if (a.capsules[a.selfPairs[i ^ 1]].link === a.nq) hand.add(a.selfPairs[i]);
  const seen = { kept: 0, out: 0 };
  for (const [length, radius] of [
    [0.4, 0.01],
    [0.01, 0.3],
    [0.01, 0.7],
  ]) {
    const holding = armHolding(a, {
        id: "pole",
        parts: [{ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, -length], radius }],
        pose,
        mass: 0,
        positionStd: 0,
      }),
      c = a.capsules.length,
      oracle = new OracleGeometry(holding);
    const kept = new Set<number>();
    for (let p = a.selfPairs.length; p < holding.selfPairs.length; p += 2) kept.add(holding.selfPairs[p]);
    a.capsules.forEach(({ link }, b) => {
      if (link > a.nq - 2 || hand.has(b)) return;
      let overlaps = 0;
      for (let i = 0; i < 300; i++) {
        oracle.place(a.home.map((_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])));
        if (oracle.between(b, c) < 0) overlaps++;
      }
      if (overlaps < 0.9 * 300) (assert.ok(kept.has(b), `${a.capsules[b].name} ${overlaps}`), seen.kept++);
      if (overlaps === 300) (assert.ok(!kept.has(b), `${a.capsules[b].name} ${overlaps}`), seen.out++);
    });
  }
  assert.ok(seen.kept > 0 && seen.out > 0, JSON.stringify(seen));
});

test("what cannot be held is refused: a second thing, a half-space, what is no number", () => {
  const a = arm("arm7"),
    block = things.block(new Rng(1));
  assert.throws(() => armHolding(armHolding(a, block), block), /RangeError|holds block already/);
  assert.throws(
    () => armHolding(a, { ...block, parts: [{ kind: "halfSpace", normal: [0, 0, 1], offset: 0 }] }),
    /half-space, want boxes and capsules/,
  );
  for (const bad of [NaN, Infinity])
    assert.throws(() => armHolding(a, { ...block, pose: block.pose.map((x, i) => (i === 3 ? bad : x)) }), /not finite/);
  assert.throws(() => armHolding(a, { ...block, positionStd: NaN }), /got a positionStd of NaN m/);
  assert.throws(() => armHolding(a, { ...block, positionStd: -0.01 }), /got a positionStd of -0.01 m/);
});
