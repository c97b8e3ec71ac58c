import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { servoDelay } from "../../../src/core/math/servoDelay.js";

const told = (t: number, out: Float64Array): boolean => {
  out.set([Math.sin(1.3 * t), 0.4 * Math.cos(2.1 * t), 0]);
  return t >= 0;
};
const follow = (late: number, noise: number, sag: number, rng = new Rng(3)) =>
  Array.from({ length: 800 }, (_, k) => {
    const t = 0.25 + 0.01 * k,
      q = new Float64Array(3);
    told(t - late, q);
    return { t, q: q.map((x) => x + sag + noise * rng.range(-1, 1)) };
  });

test(
  "an arm that follows late is found to, within a millisecond, " +
    "whatever hangs it lower and whatever noise its sensors have",
  () => {
    for (const late of [0, 0.008, 0.05, 0.12]) {
      const { delay, within, samples } = servoDelay(follow(late, 0.002, 0.01), told);
      assert.ok(Math.abs(delay - late) <= 0.001, `${late} s late, found ${delay} s`);
      assert.ok(within <= 0.002 && samples > 600);
    }
  },
);

test("of an arm that does not move nothing is said", () => {
  assert.throws(
    () => servoDelay(follow(0.05, 0, 0), (_t, out) => !out.fill(0.1).includes(NaN)),
    /0 measurements during commanded motion, want 50/,
  );
  assert.throws(() => servoDelay([], told), RangeError);
});
