import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { createGoal } from "../../../src/cost/index.js";
import { Kinematics } from "../../../src/kinematics/index.js";
import { Descent } from "../../../src/planner/search/Descent.js";
import { from, TINY, residual, type Matrix, instant } from "../singularPoints.js";

// Every term beside its singular points, against formulas of its own.

const times = (A: Matrix, B: Matrix): Matrix =>
  A.map((row) => B[0].map((_, j) => row.reduce((sum, x, k) => sum + x * B[k][j], 0)));
/** Rodrigues' formula. */
function turn([x, y, z]: readonly number[], angle: number): Matrix {
  const c = Math.cos(angle),
    s = Math.sin(angle),
    f = 1 - c;
  return [
    [c + x * x * f, x * y * f - z * s, x * z * f + y * s],
    [y * x * f + z * s, c + y * y * f, y * z * f - x * s],
    [z * x * f - y * s, z * y * f + x * s, c + z * z * f],
  ];
}
const unit = (rng: Rng): number[] => {
  const a = [rng.normal(), rng.normal(), rng.normal()],
    n = Math.hypot(...a);
  return a.map((x) => x / n);
};
const cross = (a: readonly number[], b: readonly number[]): number[] => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
for (const kind of ["pointing", "orientation"] as const) {
  test(
    `tool_pose, ${kind}: beside no turn and half a turn the error is the angle, by chords; ` +
      "its derivative is that of finite differences, and turning back makes it less",
    () => {
      const rng = new Rng(3);
      for (const off of TINY) {
        for (const half of [false, true]) {
          for (let i = 0; i < 12; i++) {
            const wanted = turn(unit(rng), rng.range(-3, 3));
            const d = wanted.map((row) => row[2]);
            const n =
              kind === "orientation" ? unit(rng) : ((c) => c.map((x) => x / Math.hypot(...c)))(cross(d, unit(rng)));
            const angle = half ? Math.PI - off : off;
            const quaternion = (R: Matrix): number[] => {
              // the greatest column of 4qqᵀ
              const [a, b, c] = R,
                t = a[0] + b[1] + c[2];
              const Q = [
                [1 + 2 * a[0] - t, a[1] + b[0], a[2] + c[0], c[1] - b[2]],
                [a[1] + b[0], 1 + 2 * b[1] - t, b[2] + c[1], a[2] - c[0]],
                [a[2] + c[0], b[2] + c[1], 1 + 2 * c[2] - t, b[0] - a[1]],
                [c[1] - b[2], a[2] - c[0], b[0] - a[1], 1 + t],
              ];
              const m = [0, 1, 2, 3].reduce((best, k) => (Q[k][k] > Q[best][best] ? k : best)),
                norm = Math.hypot(...Q[m]);
              return Q[m].map((x) => x / norm);
            };
            const term = residual(
              "tool_pose",
              `{ ${kind}: [${(kind === "pointing" ? d : quaternion(wanted)).join(", ")}], angle_tolerance: 1 rad }`,
            );
            const R = times(turn(n, angle), wanted);
            const r = new Float64Array(3),
              J = new Float64Array(9);
            term.evaluate(instant(R), r, J);
            const size = Math.hypot(...r);
            const z = R.map((row) => row[2]);
            const truth =
              kind === "pointing"
                ? 2 * Math.atan2(Math.hypot(...z.map((x, c) => x - d[c])), Math.hypot(...z.map((x, c) => x + d[c])))
                : 2 *
                  Math.asin(
                    Math.min(
                      1,
                      Math.hypot(...R.flatMap((row, a) => row.map((x, b) => x - wanted[a][b]))) / Math.sqrt(8),
                    ),
                  );
            assert.ok(
              Math.abs(size - truth) < (kind === "pointing" ? 1e-9 : 1e-7),
              `${off} from ${half ? "half a" : "no"} turn: ${size}, want ${truth}`,
            );
            assert.ok(J.every(Number.isFinite));
            if (half || off > 1e-7) {
              const axis = [...r].map((x) => x / size),
                h = 1e-4;
              const back = new Float64Array(3);
              term.evaluate(instant(times(turn(axis, -h), R)), back);
              assert.ok(
                Math.abs(size - Math.hypot(...back) - Math.min(h, 2 * size - h)) < 1e-6,
                `turned back by ${h} it is less by ${size - Math.hypot(...back)}`,
              );
              const along = axis.reduce((sum, a, k) => sum + a * axis.reduce((s, b, j) => s + J[3 * k + j] * b, 0), 0);
              assert.ok(Math.abs(along - 1) < 1e-5, `∂‖r‖ along its own axis is ${along}`);
            }
            if (half && off < 0.01) continue; // beyond, the axis itself turns too fast for differences
            for (let j = 0; j < 3; j++) {
              const e = [0, 0, 0].map((_, k) => Number(k === j)),
                h = 1e-5;
              const [plus, minus] = [h, -h].map((x) => {
                const out = new Float64Array(3);
                term.evaluate(instant(times(turn(e, x), R)), out);
                return out;
              });
              for (let k = 0; k < 3; k++)
                assert.ok(
                  Math.abs((plus[k] - minus[k]) / (2 * h) - J[3 * k + j]) < 2e-4,
                  `${off}: ${(plus[k] - minus[k]) / (2 * h)} and ${J[3 * k + j]}`,
                );
            }
          }
        }
      }
    },
  );
}

test("a hand that shall turn over is far from its goal and finds the way, however exactly opposite it is", () => {
  const { arm } = loadSetup({ robot: "arm7", agent: "default", scene: "empty" });
  const kinematics = new Kinematics(arm);
  const rng = new Rng(4);
  for (const off of TINY) {
    const q = arm.home.map((x) => x + rng.range(-0.3, 0.3));
    kinematics.forward(q, 0);
    const z = [2, 6, 10].map((i) => kinematics.tool[i]);
    const across = unit(rng);
    const d = z.map((x, c) => -x + off * across[c]);
    const term = createGoal(
      { kind: "tool_pose", spec: { pointing: d, tolerance: 0.02, angle_tolerance: (5 * Math.PI) / 180 } },
      { nq: arm.nq, limits: arm.limits },
    );
    const descent = new Descent(arm, [term]),
      state = { ...from, q };
    assert.ok(descent.worstBlock(q, state) > 34, `${off}: ${descent.worstBlock(q, state)} tolerances`);
    const before = q.slice();
    const left = descent.solve(q, state, 200);
    assert.ok(left < 34 && q.some((x, j) => Math.abs(x - before[j]) > 0.01), `${off}: still ${left} tolerances off`);
  }
});
