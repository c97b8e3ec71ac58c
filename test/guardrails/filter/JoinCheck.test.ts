import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { JoinCheck } from "../../../src/guardrails/filter/JoinCheck.js";
import { MeasuredMotion } from "../../../src/guardrails/filter/MeasuredMotion.js";

const n = 3,
  A = Float64Array.of(8, 5, 12),
  E = Float64Array.of(0.05, 0.008, 0.12),
  SILENCE = 0.15;
const check = new JoinCheck(E, A, SILENCE);
const command = (stamp: number, q: ArrayLike<number>, v: ArrayLike<number>) => ({
  stamp,
  dt: 0.01,
  N: 2,
  nq: n,
  q: Float64Array.from([...Array.from(q), ...Array.from(q)]),
  v: Float64Array.from([...Array.from(v), 0, 0, 0]),
});

/** An arm of this test's own: joints that are driven at random, as hard as they may, in steps of a millisecond. */
class Arm {
  readonly q = new Float64Array(n);
  readonly v = new Float64Array(n);
  private readonly a = new Float64Array(n);
  t = 0;
  constructor(private readonly rng: Rng) {}
  step(): void {
    for (let j = 0; j < n; j++) {
      if (this.rng.bits() % 40 === 0) this.a[j] = this.rng.range(-1, 1) * A[j];
      if (Math.abs(this.v[j]) > 2) this.a[j] = -Math.sign(this.v[j]) * A[j];
      this.q[j] += 0.001 * (this.v[j] + 0.0005 * this.a[j]);
      this.v[j] += 0.001 * this.a[j];
    }
    this.t += 0.001;
  }
}

for (const [what, told] of [
  ["velocities told", (v: Float64Array) => v],
  ["zeros told for velocities", () => new Float64Array(n)],
] as const)
  test(
    "what begins within the tracking bound of the arm may leave, " +
      `however it is driven and however old the measurement; ${what}`,
    () => {
      for (let seed = 1; seed <= 20; seed++) {
        const rng = new Rng(seed),
          arm = new Arm(rng),
          motion = new MeasuredMotion(n, 0.1);
        const period = 1 + (rng.bits() % 30),
          age = rng.bits() % 100;
        const past: { t: number; q: Float64Array }[] = [];
        let evaluated = 0;
        for (let k = 0; k < 2000; k++) {
          arm.step();
          if (k % period === 0)
            (motion.observe(arm.t, arm.q.slice(), told(arm.v).slice()), past.push({ t: arm.t, q: arm.q.slice() }));
          const last = past.at(-1)!;
          if (k < 100 || k % period !== 0 || past.length < 5) continue;
          const ahead = new Arm(new Rng(seed + k));
          (ahead.q.set(arm.q), ahead.v.set(arm.v), (ahead.t = arm.t));
          for (let i = 0; i < age; i++) ahead.step();
          const q = ahead.q.map((x, j) => x + rng.range(-1, 1) * E[j]),
            v = ahead.v.map((x, j) => x + rng.range(-1, 1) * Math.sqrt(2 * A[j] * E[j]));
          assert.ok(check.apart(command(ahead.t, q, v), last.t, last.t, last.q, motion) <= 1, `seed ${seed}, ${k}`);
          evaluated++;
        }
        assert.ok(evaluated > 20);
      }
    },
  );

test(
  "what begins elsewhere, or at another speed, than the arm can have come to may not leave; " +
    "nor anything where a number is none or nothing is known",
  () => {
    for (let seed = 1; seed <= 200; seed++) {
      const rng = new Rng(seed),
        motion = new MeasuredMotion(n, 0.1),
        v = Float64Array.from({ length: n }, () => rng.range(-2, 2));
      for (let k = 0; k <= 20; k++)
        motion.observe(
          k / 100,
          v.map((x) => (x * k) / 100),
          new Float64Array(n),
        );
      const q = v.map((x) => 0.2 * x),
        tau = rng.range(0, 0.1),
        j = rng.bits() % n,
        W = 0.03;
      const there = q.map((x, i) => x + v[i] * tau),
        apart = (p: Float64Array, s: Float64Array, now = 0.2): number =>
          check.apart(command(0.2 + tau, p, s), now, 0.2, q, motion);
      assert.ok(apart(there, v) < 1e-9);
      const far = there.slice(),
        fast = v.slice(),
        way = rng.bits() & 1 ? 1 : -1;
      far[j] += way * (E[j] + A[j] * (W * tau + 0.5 * tau * tau)) * 1.001;
      fast[j] += way * (Math.sqrt(2 * A[j] * E[j]) + A[j] * (W + tau)) * 1.001;
      for (const wrong of [apart(far, v), apart(there, fast)])
        assert.ok(wrong > 1 && wrong < 1.01, `seed ${seed}: ${wrong}`);
      far[j] = there[j] + (0.999 * (far[j] - there[j])) / 1.001;
      assert.ok(apart(far, v) <= 1);
      for (const none of [NaN, Infinity, -Infinity]) {
        const broken = there.slice();
        broken[j] = none;
        assert.ok(!(apart(broken, v) <= 1) && !(apart(there, broken) <= 1));
      }
      assert.ok(!(apart(there, v, 0.2 + SILENCE + 1e-3) <= 1) && !(apart(there, v, NaN) <= 1));
    }
  },
);

test(
  "an arm rests once no joint was seen to move for 0.1 s, whatever velocities are told; " +
    "after silence two measurements and the velocities told must agree",
  () => {
    const still = new Float64Array(n),
      rests = (speed: number, seconds: number, noise = 0, v = still, period = 0.01): boolean => {
        const m = new MeasuredMotion(n, 0.1),
          rng = new Rng(1);
        for (let t = 0; t <= seconds + 1e-9; t += period)
          m.observe(t, Float64Array.of(0, speed * t + noise * rng.range(-1, 1), 0), v);
        return m.rests();
      };
    assert.equal(rests(0, 0), false, "one measurement");
    assert.equal(rests(0, 0.01), true);
    assert.equal(rests(0, 0.01, 0, Float64Array.of(0, 0, 0.2)), false, "told to move");
    assert.equal(rests(0, 0.3, 0, Float64Array.of(0, 0, 0.2)), true, "seen to rest, whatever is told");
    assert.equal(
      rests(0, 0.15, 0, Float64Array.of(0, 0, 0.2), 0.05),
      true,
      "by four measurements too, that tell no line",
    );
    assert.equal(rests(0, 0.3, 0.004), true, "noise");
    for (const period of [0.001, 0.01, 0.05])
      for (const speed of [0.2, -0.2, 1, 2]) assert.equal(rests(speed, 0.3, 0, still, period), false, `${speed} rad/s`);
    for (const speed of [0.5, 1, 2])
      assert.equal(rests(speed, 0.01), false, `${speed} rad/s, two measurements, zeros told`);
    const m = new MeasuredMotion(n, 0.1),
      swing = new MeasuredMotion(n, 0.1);
    for (let k = 0; k <= 30; k++)
      (m.observe(k / 100, Float64Array.of(k < 25 ? k / 100 : 0.25, 0, 0), still),
        swing.observe(k / 100, Float64Array.of(0.02 * Math.sin((2 * Math.PI * k) / 10), 0, 0), still));
    assert.equal(m.rests(), false, "it has moved within 0.1 s");
    for (let k = 31; k <= 40; k++) m.observe(k / 100, Float64Array.of(0.25, 0, 0), still);
    assert.equal(m.rests(), true);
    assert.equal(swing.rests(), false, "a swing that comes back to where it was");
    m.observe(9, still, still);
    assert.equal(m.rests(), false, "after silence");
    m.observe(9.01, still, still);
    assert.equal(m.rests(), true);
    m.observe(3, still, still);
    assert.equal(m.rests(), false, "time went back");
  },
);
