import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import type { Percept } from "../../src/core/Percept.js";
import { CameraInput } from "../../src/runtime/CameraInput.js";

const percept = (stamp: number, moves?: number): Percept => ({ stamp, moves }) as Percept;

test("a task waits for images after 3 s without one that was understood, from its beginning on", () => {
  const rng = new Rng(3);
  for (let k = 0; k < 300; k++) {
    const camera = new CameraInput("camera"),
      begun = rng.range(0, 10),
      seen = rng.uniform() < 0.5 ? rng.range(0, 20) : undefined,
      now = rng.range(10, 30),
      failed = rng.uniform() < 0.5;
    if (seen !== undefined) camera.take(percept(seen));
    if (failed) camera.failed("it is dark");
    const silence = camera.silence(begun, now),
      age = Math.min(now - begun, now - (seen ?? -Infinity));
    assert.equal(silence !== undefined, age > 3, `${age} s`);
    if (silence === undefined) continue;
    assert.equal(silence.never, seen === undefined);
    const [, seconds, why] = /^no image of camera for (\d+) s(?:: (.*))?$/.exec(silence.why)!;
    assert.ok(Math.abs(Number(seconds) - age) <= 0.5);
    assert.equal(why, failed ? "it is dark" : undefined);
  }
});

test("an agent without a camera waits for no image", () => {
  assert.equal(new CameraInput(undefined).silence(0, 1e6), undefined);
});

test("the camera has moved whenever the count of its moves is another, and only then", () => {
  const camera = new CameraInput("camera"),
    counts = [0, 0, 1, 1, undefined, undefined, 2, 0];
  const moved = counts.map((moves, i) => camera.take(percept(i, moves)));
  assert.deepEqual(moved, [false, false, true, false, true, false, true, true]);
  assert.equal(camera.moves, 0);
});
