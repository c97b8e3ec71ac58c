import assert from "node:assert/strict";
import { test } from "node:test";
import type { Belief } from "../../../src/core/Belief.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { FusedSights } from "../../../src/memory/beliefs/FusedSights.js";

const STD = 0.005;
const RATE = 20;

function sight(rng: Rng, t: number, at: readonly [number, number, number], yaw = 0, std = STD): Belief {
  const [a, b, c] = [0, 0, yaw].map((x) => x + 10 * std * rng.normal());
  const norm = Math.sqrt(1 + (a * a + b * b) / 4 + Math.tan(c / 2) ** 2);
  return {
    id: "cup",
    position: [at[0] + std * rng.normal(), at[1] + std * rng.normal(), at[2] + std * rng.normal()],
    orientation: [a / 2 / norm, b / 2 / norm, Math.tan(c / 2) / norm, 1 / norm],
    positionStd: std,
    stamp: t,
  };
}

const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]));

test("a thing at rest: the error falls as told, σ/√n, and is as large as the doubt says", () => {
  const rng = new Rng(1);
  let square = 0,
    told = 0,
    first = 0;
  const runs = 300,
    place = [0.4, -0.1, 0.03] as const;
  for (let r = 0; r < runs; r++) {
    const fused = new FusedSights();
    let belief!: Belief;
    for (let i = 0; i < 32; i++) {
      belief = fused.take(sight(rng, i / RATE, place));
      if (i === 0) first += apart(belief.position, place) ** 2;
    }
    square += apart(belief.position, place) ** 2;
    told += belief.positionStd ** 2;
  }
  const rms = Math.sqrt(square / runs / 3),
    std = Math.sqrt(told / runs);
  assert.ok(Math.abs(Math.sqrt(first / runs / 3) / STD - 1) < 0.1);
  assert.ok(rms < 0.0015, `${rms}`);
  assert.ok(rms / std > 0.75 && rms / std < 1.2, `error ${rms}, told ${std}`);
});

test("a thing that is moved is where it is now seen: at the first sight far off, and soon behind a slow one", () => {
  const rng = new Rng(2);
  const fused = new FusedSights();
  for (let i = 0; i < 40; i++) fused.take(sight(rng, i / RATE, [0, 0, 0]));
  const belief = fused.take(sight(rng, 2.01, [0.1, 0, 0]));
  assert.ok(Math.abs(belief.position[0] - 0.1) < 4 * STD && belief.positionStd === STD);
  for (const speed of [0.02, 0.05, 0.2]) {
    const slow = new FusedSights();
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const x = speed * Math.max(0, i / RATE - 2),
        { position } = slow.take(sight(rng, i / RATE, [x, 0, 0]));
      worst = Math.max(worst, x - position[0]);
    }
    assert.ok(worst < 5 * STD, `${speed} m/s: ${worst} m behind`);
  }
});

test("its orientation is fused too; of a round thing yaw may be anything", () => {
  const rng = new Rng(3),
    fused = new FusedSights(),
    round = new FusedSights();
  let turned!: Belief, rolled!: Belief;
  for (let i = 0; i < 32; i++) {
    turned = fused.take(sight(rng, i / RATE, [0, 0, 0], 1));
    rolled = round.take(sight(rng, i / RATE, [0, 0, 0], rng.range(-3, 3)), true);
  }
  const yaw = 2 * Math.atan2(turned.orientation[2], turned.orientation[3]);
  assert.ok(Math.abs(yaw - 1) < 0.04, `${yaw}`);
  assert.ok(rolled.positionStd < STD / 3, `${rolled.positionStd}`);
});

test("exact sights, a clock that went back, sights of long ago, odd numbers: the newest counts", () => {
  const rng = new Rng(4),
    fused = new FusedSights();
  const exact = { ...sight(rng, 0, [0, 0, 0]), positionStd: 0 };
  assert.equal(fused.take(exact), exact);
  for (let i = 0; i < 20; i++) fused.take(sight(rng, 10 + i / RATE, [0, 0, 0]));
  for (const t of [1, 40]) {
    const newest = sight(rng, t, [0.001, 0, 0]);
    assert.deepEqual(fused.take(newest).position, newest.position);
  }
  const odd = { ...exact, positionStd: NaN };
  assert.equal(fused.take(odd), odd);
  fused.forget("cup");
  const alone = sight(rng, 40.1, [0, 0, 0]);
  assert.deepEqual(fused.take(alone).position, alone.position);
});
