import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gripProgress } from "../../../src/agent/task/gripProgress.js";
import { Rng } from "../../../src/core/math/Rng.js";

const SPEED = 0.1; // m/s
const held = (id: string) => ({ id, pose: new Float64Array(12), parts: [], mass: 0.1, positionStd: 0.001 });
const hand = (aperture: number, speed = 0, stamp = 10) => ({ stamp, aperture, speed });

describe("how far a grip is", () => {
  it("is reached at the wanted aperture, at rest, and nowhere else", () => {
    const rng = new Rng(1);
    for (let i = 0; i < 2000; i++) {
      const wanted = 0.08 * rng.uniform(),
        aperture = 0.08 * rng.uniform(),
        speed = rng.uniform() < 0.5 ? 0 : 0.1 * (rng.uniform() - 0.5);
      const progress = gripProgress(
        { aperture: wanted, force: 10 },
        { hand: hand(aperture, speed), stamp: 10 },
        0.1,
        SPEED,
      );
      const there = Math.abs(aperture - wanted) <= 0.002 && Math.abs(speed) < 0.01;
      assert.equal(progress, there ? "reached" : "moving");
    }
  });

  it("holds the thing that was asked for, once the fingers stand", () => {
    const grip = { aperture: 0.03, force: 10, holds: "cup" };
    assert.equal(gripProgress(grip, { hand: hand(0.038), held: held("cup"), stamp: 10 }, 0.5, SPEED), "reached");
    assert.equal(gripProgress(grip, { hand: hand(0.05, -0.1), stamp: 10 }, 0.5, SPEED), "moving");
  });

  it("says what it closed on instead, with numbers", () => {
    const grip = { aperture: 0.03, force: 10, holds: "cup" };
    const nothing = gripProgress(grip, { hand: hand(0.03), stamp: 10 }, 0.5, SPEED);
    assert.deepEqual(nothing, { failed: "the pads closed to 30.0 mm and hold nothing, want cup" });
    const other = gripProgress(grip, { hand: hand(0.031), held: held("ball"), stamp: 10 }, 0.5, SPEED);
    assert.deepEqual(other, { failed: "the pads hold ball, want cup" });
  });

  it("fails where the fingers stall, and where their joint states stop, but not before their way's time", () => {
    const grip = { aperture: 0.08, force: 10 };
    const at = (since: number, stamp = 10) => gripProgress(grip, { hand: hand(0.02), stamp }, since, SPEED);
    assert.equal(at(2), "moving"); // 6 cm take 0.6 s, and 1.5 s more are allowed
    assert.deepEqual(at(2.2), { failed: "the fingers stand at 20.0 mm, want 80.0 mm" });
    assert.equal(at(1, 10.6), "moving");
    assert.deepEqual(at(1.6, 10.6), { failed: "the joint states of the hand have stopped" });
    assert.deepEqual(gripProgress(grip, { stamp: 10 }, 1.6, SPEED), {
      failed: "the joint states of the hand have stopped",
    });
  });
});
