import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { Vec3 } from "../../../src/core/geometry/Shape.js";
import { Spill } from "../../../src/guardrails/margins/Spill.js";
import { ToolTilt } from "../../../src/guardrails/margins/ToolTilt.js";
import { TorqueLimit, unloaded, type Load } from "../../../src/guardrails/margins/TorqueLimit.js";
import { withPayload } from "../withPayload.js";
import { InverseDynamics } from "../../../src/kinematics/InverseDynamics.js";
import { ToolMotion } from "../../../src/kinematics/ToolMotion.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, asMeans, between, randomPaths, robots } from "../setups.js";

const angle = (a: readonly number[], b: readonly number[]): number =>
  Math.acos(Math.max(-1, Math.min(1, (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / Math.hypot(...a) / Math.hypot(...b))));
const column = (o: OracleGeometry, c: number): number[] => [o.tool[c], o.tool[4 + c], o.tool[8 + c]];

for (const name of robots) {
  const a = arm(name),
    sweep = new Sweep(a),
    oracle = new OracleGeometry(a),
    turns = new Uint8Array(a.nq).fill(1);

  test(`${name}: the tilt between knots is never more than told, and at slow speed hardly less`, () => {
    const direction: Vec3 = [0.6, 0, -0.8];
    for (const [h, speed] of [
      [0.01, 1],
      [0.03, 1],
      [0.01, 0.05],
    ]) {
      const r = randomPaths(a, 30, 4, h, new Rng(1), speed),
        out = new Float64Array(r.K);
      sweep.fill(r);
      new ToolTilt(1, turns, direction).margin(r, out, r.K);
      for (let k = 0; k < r.K; k++) {
        let worst = 0;
        for (let n = 0; n < r.N - 1; n++)
          for (let i = 0; i <= 20; i++)
            worst = Math.max(worst, angle(column(oracle.place(between(r, k, n, i / 20)), 2), direction));
        assert.ok(1 - out[k] >= worst - 1e-9, `tilt ${worst}, told ${1 - out[k]}`);
        if (speed < 0.1) assert.ok(1 - out[k] - worst < 0.01);
      }
    }
  });

  test(`${name}: the angle of a liquid is never more than told, by second differences of the tool's place`, () => {
    const axis: Vec3 = [0, 0.6, 0.8],
      e = 1e-4;
    for (const speed of [0.6, 0.05]) {
      const h = 0.01,
        r = randomPaths(a, 20, 4, h, new Rng(2), speed),
        out = new Float64Array(r.K);
      if (speed < 0.1)
        for (let i = 0; i < r.q.length; i++)
          // steady
          if (Math.floor(i / a.nq) % r.N > 0) ((r.v[i] = r.v[i - a.nq]), (r.q[i] = r.q[i - a.nq] + h * r.v[i]));
      sweep.fill(r);
      new Spill(a, 1, axis).margin(r, out, r.K);
      for (let k = 0; k < r.K; k++) {
        let worst = 0;
        for (let n = 0; n < r.N - 1; n++)
          for (let i = 1; i < 20; i++) {
            const s = i / 20,
              place = (t: number): number[] => column(oracle.place(between(r, k, n, s + t)), 3);
            const p = place(0),
              before = place(-e),
              after = place(e),
              acceleration = p.map((x, d) => (after[d] - 2 * x + before[d]) / (e * h) ** 2);
            oracle.place(between(r, k, n, s));
            const x = [0, 1, 2].map(
              (d) => column(oracle, 0)[d] * axis[0] + column(oracle, 1)[d] * axis[1] + column(oracle, 2)[d] * axis[2],
            );
            worst = Math.max(worst, angle(x, [acceleration[0], acceleration[1], acceleration[2] + 9.81]));
          }
        // second differences are good to a milliradian
        assert.ok(1 - out[k] >= worst - 2e-3, `angle ${worst}, told ${1 - out[k]}`);
        if (speed < 0.1) assert.ok(1 - out[k] - worst < 0.01, `angle ${worst}, told ${1 - out[k]}`);
      }
    }
  });

  test(
    `${name}: no joint's torque, between knots too, ` +
      "exceeds its bound by more than the reserve where the margin says it holds",
    () => {
      const reserve = 0.02,
        loaded = withPayload(a, 0.4, [0, 0, 0.03]),
        dynamics = new InverseDynamics(loaded),
        r = randomPaths(a, 60, 4, 0.01, new Rng(3), 0.8),
        out = new Float64Array(r.K);
      const guardrail = new TorqueLimit(a, [{ mass: 0.4, com: [0, 0, 0.03], reserve }]);
      sweep.fill(r);
      guardrail.margin(r, out, r.K);
      const h = r.dt,
        v = new Float64Array(a.nq),
        u = new Float64Array(a.nq);
      let checked = 0;
      for (let k = 0; k < r.K; k++) {
        let least = Infinity;
        for (let n = 0; n < r.N - 1; n++)
          for (let i = 0; i <= 20; i++) {
            const s = i / 20,
              q = between(r, k, n, s);
            for (let j = 0; j < a.nq; j++) {
              const at = (k * r.N + n) * a.nq + j;
              u[j] = (r.v[at + a.nq] - r.v[at]) / h;
              v[j] = r.v[at] + u[j] * s * h;
            }
            const torque = dynamics.compute(q, v, u, 0);
            for (let j = 0; j < a.nq; j++) least = Math.min(least, a.limits.effort[j] - Math.abs(torque[j]));
          }
        if (out[k] >= 0) assert.ok(least >= 0, `told ${out[k]}, there is ${least}`);
        assert.ok(out[k] <= least + 1e-9, `told ${out[k]}, there is ${least}`);
        checked++;
      }
      assert.equal(checked, r.K);
    },
  );
}

test("a payload weighs: at rest each joint's torque grows by gravity's moment of a point mass", () => {
  const a = arm("arm7"),
    rng = new Rng(4),
    com: Vec3 = [0.02, -0.03, 0.05],
    bare = new InverseDynamics(a),
    loaded = new InverseDynamics(withPayload(a, 2, com)),
    zero = new Float64Array(a.nq),
    oracle = new OracleGeometry(a);
  const height = (q: Float64Array): number => {
    const t = oracle.place(q).tool;
    return t[8] * com[0] + t[9] * com[1] + t[10] * com[2] + t[11];
  };
  for (let i = 0; i < 50; i++) {
    const q = Float64Array.from({ length: a.nq }, (_, j) => rng.range(a.limits.lo[j], a.limits.hi[j]));
    const difference = loaded.compute(q, zero, zero, 0).map((t, j) => t - bare.compute(q, zero, zero, 0)[j]);
    for (let j = 0; j < a.nq; j++) {
      const up = q.slice(),
        down = q.slice();
      ((up[j] += 1e-6), (down[j] -= 1e-6));
      assert.ok(Math.abs(difference[j] - (2 * 9.81 * (height(up) - height(down))) / 2e-6) < 1e-4); // dE/dq, E = m g z
    }
  }
});

test("of paths whose velocities are means, the weight and the tilt alone count", () => {
  const a = arm("arm7"),
    r = asMeans(randomPaths(a, 5, 4, 0.01, new Rng(5))),
    slow = asMeans(randomPaths(a, 5, 4, 0.01, new Rng(5))),
    out = new Float64Array(5),
    still = new Float64Array(5);
  slow.v.fill(0);
  for (const g of [new Spill(a, 1), new TorqueLimit(a, [unloaded])]) {
    g.margin(r, out, 5);
    g.margin(slow, still, 5);
    assert.deepEqual(out, still);
  }
  const oracle = new OracleGeometry(a);
  new Spill(a, 1).margin(r, out, 5);
  for (let k = 0; k < 5; k++) {
    const tilts = Array.from({ length: r.N }, (_, n) =>
      angle(column(oracle.place(r.q.slice((k * r.N + n) * a.nq, (k * r.N + n + 1) * a.nq)), 2), [0, 0, 1]),
    );
    assert.ok(Math.abs(1 - out[k] - Math.max(...tilts)) < 1e-9, `told ${1 - out[k]}, of its knots ${tilts}`);
  }
});

test("numbers that are none make these margins NaN as well", () => {
  const a = arm("arm7"),
    sweep = new Sweep(a),
    out = new Float64Array(1);
  for (const g of [new Spill(a, 1), new TorqueLimit(a, [unloaded]), new ToolTilt(1, new Uint8Array(a.nq).fill(1))])
    for (let knot = 0; knot < 4; knot++) {
      const r = randomPaths(a, 1, 4, 0.01, new Rng(6));
      r.q[knot * a.nq + 1] = NaN;
      sweep.fill(r);
      g.margin(r, out, 1);
      assert.ok(Number.isNaN(out[0]), `${g.name} ${knot}: ${out[0]}`);
    }
});

test("the tool's felt acceleration is the second difference of its place, gravity taken off", () => {
  for (const name of robots) {
    const a = arm(name),
      oracle = new OracleGeometry(a),
      motion = new ToolMotion(a),
      rng = new Rng(7),
      e = 1e-4;
    for (let i = 0; i < 60; i++) {
      const q = Float64Array.from({ length: a.nq }, (_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])),
        v = q.map(() => rng.range(-2, 2)),
        u = q.map(() => rng.range(-8, 8));
      const place = (t: number): number[] =>
          column(oracle.place(q.map((x, j) => x + v[j] * t + 0.5 * u[j] * t * t)), 3),
        [before, now, after] = [place(-e), place(0), place(e)];
      motion.compute(q, 0, v, 0, u);
      for (let d = 0; d < 3; d++)
        assert.ok(
          Math.abs(motion.felt[d] - (d === 2 ? 9.81 : 0) - (after[d] - 2 * now[d] + before[d]) / (e * e)) < 1e-4,
        );
    }
  }
});

test(
  "the torque's margin is its formula: of both sides of each knot and of standing after the last, " +
    "with each load and without, the weakest joint's rest, whatever its sign",
  () => {
    const a = arm("arm7"),
      loads: readonly Load[] = [
        { mass: 8, com: [0, 0.1, 0.05], reserve: 0.05 },
        { mass: 5, com: [0.3, 0, -0.2], reserve: 0.1 },
      ],
      zero = new Float64Array(a.nq);
    const cases = loads.flatMap(({ mass, com, reserve }) =>
      [0, mass].map((m) => ({ dynamics: new InverseDynamics(withPayload(a, m, com)), reserve })),
    );
    const r = randomPaths(a, 60, 4, 0.01, new Rng(8)),
      out = new Float64Array(r.K),
      v = new Float64Array(a.nq),
      u = new Float64Array(a.nq);
    new TorqueLimit(a, loads).margin(r, out, r.K);
    let resting = 0;
    for (let k = 0; k < r.K; k++) {
      const place = (n: number): Float64Array => r.q.slice((k * r.N + n) * a.nq, (k * r.N + n + 1) * a.nq);
      const room = (...[q, v, u]: Float64Array[]): number =>
        Math.min(
          ...cases.flatMap(({ dynamics, reserve }) =>
            Array.from(
              dynamics.compute(q, v, u, 0),
              (torque, j) => (1 - reserve) * a.limits.effort[j] - Math.abs(torque),
            ),
          ),
        );
      let least = Infinity;
      for (let n = 0; n < r.N - 1; n++)
        for (const s of [0, 1]) {
          const i = (k * r.N + n) * a.nq;
          for (let j = 0; j < a.nq; j++)
            ((u[j] = (r.v[i + a.nq + j] - r.v[i + j]) / r.dt), (v[j] = r.v[i + s * a.nq + j]));
          least = Math.min(least, room(place(n + s), v, u));
        }
      const rest = room(place(r.N - 1), zero, zero);
      if (rest < least) resting++;
      assert.ok(Math.abs(out[k] - Math.min(rest, least)) < 1e-9, `${out[k]}, ${least} in motion, ${rest} at rest`);
    }
    assert.ok(resting > 0, `${resting} paths need most at rest`);
  },
);

test("a liquid that braking alone keeps in its cup is spilt when the arm stands", () => {
  const a = arm("arm7"),
    q = a.home.slice(),
    out = new Float64Array(1);
  q[5] += 0.3; // the cup leans
  const standing = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 0.01, nq: a.nq, nc: 0 }),
    lean = (r: Rollouts): number => (new Spill(a, 3, [0, 0, -1]).margin(r, out, 1), 3 - out[0]);
  standing.q.set(q);
  const least = lean(standing);
  assert.ok(Math.abs(least - 0.3) < 1e-4, `${least} rad of an upright cup that was turned by 0.3`);
  for (const side of [-1, 1]) {
    const r = new Rollouts({ K: 1, H: 3, substeps: 1, dt: 0.01, nq: a.nq, nc: 0 }); // joint 2 or 4 brakes to rest there
    for (const j of [1, 3])
      for (let n = 3, x = q[j], s = 0; n >= 0; n--)
        ((r.q[n * a.nq + j] = x), (r.v[n * a.nq + j] = s), (x -= (s + 0.04 * side) * 0.01), (s += 0.08 * side));
    for (let n = 0; n < 4; n++) for (let j = 0; j < a.nq; j++) if (j !== 1 && j !== 3) r.q[n * a.nq + j] = q[j];
    assert.ok(lean(r) >= least - 1e-9, `${lean(r)} rad on the way, ${least} at rest`);
  }
});

for (const name of robots)
  test(
    `${name}: where a path of means may be told more coarsely, ` +
      "its torque's margin is never more than what is there, and says so wherever the weight can be too much",
    () => {
      const a = arm(name),
        rng = new Rng(9),
        exact = new Float64Array(200),
        coarse = new Float64Array(200);
      for (const mass of [0, 1, 5, 50]) {
        const guardrail = new TorqueLimit(a, [{ mass, com: [0.1, 0, 0.05], reserve: 0.05 }]),
          r = asMeans(randomPaths(a, 200, 3, 0.1, rng));
        guardrail.margin(r, exact, r.K);
        guardrail.margin(r, coarse, r.K, 0.05);
        for (let k = 0; k < r.K; k++) {
          assert.ok(coarse[k] <= exact[k] + 1e-9, `told ${coarse[k]}, there is ${exact[k]}`);
          assert.equal(coarse[k] >= 0, exact[k] >= 0);
          if (guardrail.standsAnywhere) assert.ok(exact[k] >= 0);
        }
        assert.equal(guardrail.standsAnywhere, mass < 5);
        r.q[4] = NaN;
        guardrail.margin(r, coarse, r.K, 0.05);
        assert.ok(Number.isNaN(coarse[0]));
      }
    },
  );
