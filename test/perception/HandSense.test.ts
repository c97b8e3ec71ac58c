import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import type { OtherJoints } from "../../src/core/OtherJoints.js";
import { HandSense } from "../../src/perception/HandSense.js";
import { twoFingers } from "./grippers.js";

const names = ["right", "elbow", "left"];
const sample = (change: Partial<OtherJoints> = {}): OtherJoints => ({
  names,
  positions: [0.01, 7, 0.03],
  velocities: [-0.02, 7, -0.04],
  efforts: [4, 7, -6],
  ...change,
});

test("aperture, speed and force between the pads, of fingers in any order among other joints", () => {
  const sense = new HandSense(twoFingers);
  assert.equal(sense.take(1, sample(), 1), "");
  const { aperture, speed, force, stamp } = sense.state!;
  assert.equal(stamp, 1);
  assert.ok(Math.abs(aperture - 0.04) < 1e-12); // both ways
  assert.ok(Math.abs(speed + 0.06) < 1e-9);
  assert.ok(Math.abs(force! - 5) < 1e-9); // virtual work: F da = Σ τ dq, da = 2 dq
});

test("velocities and efforts that are not given: the mean of the last 30 ms, and no force", () => {
  const sense = new HandSense(twoFingers);
  for (let i = 0; i <= 10; i++) {
    const x = 0.04 - 0.0005 * i,
      t = 1 + 0.01 * i;
    assert.equal(
      sense.take(t, { names: ["left", "right"], positions: [x, x], velocities: i % 2 ? [] : [NaN, 0] }, t),
      "",
    );
  }
  assert.ok(Math.abs(sense.state!.speed + 0.1) < 1e-9, `${sense.state!.speed}`);
  assert.equal(sense.state!.force, undefined);
  assert.equal(sense.take(2, sample({ efforts: [NaN, 0, 1] }), 2), "");
  assert.equal(sense.state!.force, undefined);
});

test("what is no hand's state is refused with the reason, and changes nothing", () => {
  const sense = new HandSense(twoFingers);
  sense.take(1, sample(), 1);
  const before = sense.state;
  const refused: readonly (readonly [number, Partial<OtherJoints>, RegExp])[] = [
    [1.1, { positions: [0.01, 0, NaN] }, /NaN for left/],
    [1.1, { positions: [0.01, 0] }, /2 positions for 3/],
    [1.1, { velocities: [0] }, /1 velocities for 3/],
    [1.1, { efforts: [0] }, /1 efforts for 3/],
    [1.1, { names: ["left", "elbow", "wrist"] }, /no joint 'right'/],
    [1.1, { names: ["left", "right", "left"] }, /'left' twice/],
    [1.1, { positions: [1, 0, 1] }, /pads 2000.0 mm apart/],
    [1.1, { velocities: [99, 0, 99] }, /m\/s/],
    [1.1, { names: ["a", "b", "c"] }, /^stranger$/],
    [1, {}, /^duplicate$/],
    [0.9, {}, /older/],
    [NaN, {}, /stamp NaN/],
    [5, {}, /ahead/],
  ];
  for (const [stamp, change, words] of refused) assert.match(sense.take(stamp, sample(change), 1.1), words);
  assert.equal(sense.state, before);
  assert.equal(sense.take(0.5, sample(), 0.5), "", "a clock that went back");
});

test("fuzz: whatever comes, the state's numbers are finite and in range, and nothing is thrown", () => {
  const rng = new Rng(11),
    sense = new HandSense(twoFingers);
  const odd = [0, -0, NaN, Infinity, -Infinity, 1e308, 0.03, 0.04, -0.005];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(rng.range(0, list.length))];
  let taken = 0;
  for (let i = 0; i < 20_000; i++) {
    const any = Array.from({ length: Math.floor(rng.range(0, 5)) }, () => pick(["left", "right", "elbow", "", "x"]));
    const some = i % 2 === 0 ? any : pick([names, ["left", "right"]]);
    const list = (n: number): number[] => Array.from({ length: rng.range(0, 1) < 0.1 ? n + 1 : n }, () => pick(odd));
    const joints = { names: some, positions: list(some.length), velocities: list(some.length), efforts: list(2) };
    if (sense.take(pick([i / 100, i / 100, i / 100, NaN, i]), joints, i / 100) === "") taken++;
    const { state } = sense;
    if (state === undefined) continue;
    assert.ok(state.aperture >= -0.021 && state.aperture <= 0.101 && Math.abs(state.speed) <= 2.01);
    assert.ok(state.force === undefined || Number.isFinite(state.force));
  }
  assert.ok(taken > 50, `${taken}`);
});
