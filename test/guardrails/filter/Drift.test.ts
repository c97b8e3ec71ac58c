import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Drift } from "../../../src/guardrails/filter/Drift.js";
import { JointIngress } from "../../../src/runtime/ingress/JointIngress.js";
import { MeasuredMotion } from "../../../src/guardrails/filter/MeasuredMotion.js";

const n = 7,
  zeros = new Float64Array(n);
const RATES = [50, 100, 250, 1000],
  NOISES = [0, 1e-4, 1e-3, 3e-3, 5e-3],
  TICKS = [0, 1.5e-3]; // Hz; rad, of white noise; rad, of an encoder

/** Joints that go as the test says, read by encoders with noise. */
function* told(
  rate: number,
  noise: number,
  tick: number,
  seconds: number,
  rng: Rng,
  at: (t: number, j: number) => number,
): Generator<[t: number, q: Float64Array]> {
  for (let k = 0; k < seconds * rate; k++) {
    const t = k / rate;
    yield [
      t,
      Float64Array.from({ length: n }, (_, j) =>
        ((x) => (tick > 0 ? tick * Math.round(x / tick) : x))(at(t, j) + noise * rng.normal()),
      ),
    ];
  }
}
// 1 rad/s to rest in 0.2 s
const braking = (t: number, j: number): number => {
  if (j !== 2) return 0.4 * j;
  return t < 0.2 ? t - 2.5 * t * t : 0.1;
};
/** s, within which a rest is seen. */
const soon = (noise: number): number => {
  if (noise === 0) return 0.15;
  return noise < 3e-3 ? 1.3 : 2.2;
};

for (const rate of RATES)
  test(
    `joints that have come to rest are seen to within two seconds at ${rate} Hz, ` +
      "whatever noise; without any within 0.15 s",
    () => {
      for (const noise of NOISES)
        for (const tick of TICKS)
          for (let seed = 1; seed <= 4; seed++) {
            const drift = new Drift(1.8),
              motion = new MeasuredMotion(n, 0.1);
            let rested = Infinity,
              moved = Infinity;
            for (const [t, q] of told(rate, noise, tick, 3, new Rng(seed), braking)) {
              (drift.observe(t, q), motion.observe(t, q, zeros));
              if (drift.within(0.01)) rested = Math.min(rested, t - 0.2);
              if (t > 0.05 && motion.rests()) moved = Math.min(moved, t - 0.2);
              if (rested < Infinity && moved < Infinity) break;
            }
            const what =
              `noise ${noise}, ticks of ${tick}, seed ${seed}: ${rested.toFixed(2)} s, ` + `${moved.toFixed(2)} s`;
            assert.ok(rested <= soon(noise), what);
            assert.ok(rested > -0.02 && moved > -0.06, what);
            assert.ok(moved <= (noise === 0 ? 0.15 : 0.8), what);
          }
    },
  );

test("a joint that goes on slowly, or swings, is not seen to rest, through any noise, however long one looks", () => {
  const ways: readonly [string, (t: number) => number, number][] = [
    ["0.02 rad/s", (t) => 0.02 * t, 0.01],
    ["-0.05 rad/s", (t) => -0.05 * t, 0.01],
    ["0.2 rad/s", (t) => 0.2 * t, 0.1],
    ["a swing of 10 Hz", (t) => 0.015 * Math.sin(62.8 * t), 0.01],
    ["a slow one", (t) => 0.008 * Math.sin(4 * t), 0.01],
  ];
  for (const rate of RATES)
    for (const noise of NOISES)
      for (const tick of TICKS)
        for (const [what, way, speed] of ways) {
          const drift = new Drift(speed < 0.1 ? 1.8 : 0.55);
          let k = 0;
          for (const [t, q] of told(rate, noise, tick, 4, new Rng(7), (s, j) => (j === 4 ? way(s) : 0.1))) {
            drift.observe(t, q);
            if (
              what === "a slow one" &&
              [0.1, 0.2, 0.3, 0.4, 0.5].some((T) => Math.abs(way(t) - way(t - T)) < 0.018 * T)
            )
              continue; // at its turn it rests
            if (k++ % 3 === 0)
              assert.equal(drift.within(speed), false, `${what}, ${rate} Hz, noise ${noise}, ticks of ${tick}, ${t} s`);
          }
        }
});

test(
  "a velocity that is not told is a mean over 30 ms: " +
    "noise of positions is not differentiated, and a motion is seen",
  () => {
    const limits = {
        lo: zeros.map(() => -3),
        hi: zeros.map(() => 3),
        velocity: zeros.map(() => 2),
        acceleration: zeros.map(() => 8),
        effort: zeros,
      },
      names = Array.from({ length: n }, (_, j) => `j${j}`);
    for (const rate of RATES) {
      const ingress = new JointIngress(names, limits, 0.05, {
        lo: limits.lo,
        hi: limits.hi,
        margin: 0.1,
        endless: names.map(() => false),
      });
      for (const [t, positions] of told(rate, 5e-4, 0, 1, new Rng(3), (s, j) => (j === 1 ? 0.8 * s : 0))) {
        assert.equal(ingress.take({ stamp: t, names, positions, velocities: [] }, t), "");
        if (t > 0.1)
          ingress.v.forEach((v, j) => assert.ok(Math.abs(v - (j === 1 ? 0.8 : 0)) < 0.13, `${rate} Hz: ${v}`));
      }
    }
  },
);
