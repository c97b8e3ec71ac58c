import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { levers } from "../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { arm, between, randomPaths, robots } from "../guardrails/setups.js";

for (const name of robots)
  test(
    `${name}: at full speed every point of each link stays inside the interval's capsule, ` +
      "for knots 1 to 40 ms apart",
    () => {
      const a = arm(name),
        sweep = new Sweep(a),
        oracle = new OracleGeometry(a),
        rng = new Rng(7);
      let slack = Infinity,
        widest = 0;
      for (const h of [0.001, 0.01, 0.025, 0.04]) {
        const r = randomPaths(a, 60, 6, h, rng);
        sweep.fill(r);
        for (let k = 0; k < r.K; k++)
          for (let n = 0; n < r.N - 1; n++)
            for (let i = 0; i <= 20; i++) {
              oracle.place(between(r, k, n, i / 20));
              for (let c = 0; c < r.nc; c++) {
                const o = (k * r.N + n) * r.nc + c;
                const room = r.radius[o] - a.capsules[c].radius;
                for (const t of [0, 0.5, 1])
                  slack = Math.min(slack, room - oracle.pointToSegment(c, t, r.capsules, 6 * o));
                widest = Math.max(widest, room / h);
              }
            }
      }
      assert.ok(slack >= -1e-12, `a link left its capsule by ${-slack} m`);
      assert.ok(widest < 6, `and the capsules are no wider than speed explains: ${widest} m/s`);
    },
  );

for (const name of robots)
  test(`${name}: the capsules at the last knot, and the tool at every knot, are where 4×4 matrices put them`, () => {
    const a = arm(name),
      sweep = new Sweep(a),
      oracle = new OracleGeometry(a),
      r = randomPaths(a, 40, 3, 0.01, new Rng(8));
    sweep.fill(r);
    for (let k = 0; k < r.K; k++) {
      oracle.place(between(r, k, r.N - 1, 0));
      const o = (k * r.N + r.N - 1) * r.nc;
      for (let i = 0; i < 6 * r.nc; i++) assert.ok(Math.abs(oracle.ends[i] - r.capsules[6 * o + i]) < 1e-12);
      for (let i = 0; i < 12; i++) assert.ok(Math.abs(oracle.tool[i] - r.tool[(k * r.N + r.N - 1) * 12 + i]) < 1e-12);
      for (let c = 0; c < r.nc; c++) assert.equal(r.radius[o + c], a.capsules[c].radius);
    }
  });

for (const name of robots)
  test(`${name}: turning one joint moves no point of a capsule's axis by more than its lever says`, () => {
    const a = arm(name),
      oracle = new OracleGeometry(a),
      rng = new Rng(9),
      l = levers(a),
      before = new Float64Array(oracle.ends.length);
    for (let i = 0; i < 300; i++) {
      const q = Float64Array.from({ length: a.nq }, (_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])),
        j = rng.bits() % a.nq,
        turn = rng.range(-0.3, 0.3);
      before.set(oracle.place(q).ends);
      q[j] += turn;
      oracle.place(q);
      for (let e = 0; e < 2 * a.capsules.length; e++) {
        const moved = Math.hypot(
          oracle.ends[3 * e] - before[3 * e],
          oracle.ends[3 * e + 1] - before[3 * e + 1],
          oracle.ends[3 * e + 2] - before[3 * e + 2],
        );
        assert.ok(moved <= l[(e >> 1) * a.nq + j] * Math.abs(turn) + 1e-12);
      }
    }
  });
