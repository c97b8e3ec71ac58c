import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { parseConfig, parseYaml } from "../../src/config/index.js";
import {
  createCost,
  createGoal,
  goals,
  LatentDistance,
  ObjectDistance,
  type BindContext,
  type CostTerm,
  type KnotView,
  type Plugin,
  type Residual,
} from "../../src/cost/index.js";
import { ObjectOverlap } from "../../src/cost/goals/ObjectOverlap.js";
import { Kinematics } from "../../src/kinematics/index.js";
import { Descent } from "../../src/planner/search/Descent.js";
import { belief, limitsOf, stateWith } from "./oracleArm.js";

// Every term beside the points where its formula divides by nothing, changes its branch or has no derivative, against
// formulas of its own.

const nq = 3;
const from = stateWith(belief("puck", 0.3, -0.2, 0.1), belief("mark", 0.3, -0.2, 0.1));
const TINY = [0, 1e-300, 1e-160, 1e-17, 1e-16, 1e-13, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.1];

function residual(kind: string, yaml: string): Residual {
  const plugin = goals.of(kind) as unknown as Plugin<unknown, unknown, Residual>;
  const context: BindContext = {
    jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
    objects: ["puck", "mark"],
    predicted: ["puck", "mark"],
  };
  return createGoal(
    { kind, spec: plugin.bind(parseConfig(plugin.schema, parseYaml(yaml, "f.yaml")), context) },
    { nq, limits: limitsOf(nq) },
  );
}

type Matrix = number[][];
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
/** The tool at rotation R, three joints that turn it about the base's axes. */
const instant = (R: Matrix): KnotView => ({
  q: new Float64Array(nq),
  v: new Float64Array(nq),
  iq: 0,
  it: 0,
  from,
  tool: Float64Array.from(R.flatMap((row) => [...row, 0])),
  J: Float64Array.from({ length: 18 }, (_, i) => (i >= 9 && (i - 9) % 4 === 0 ? 1 : 0)),
});

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

test("expressions have finite derivatives where roots, norms and angles have none", () => {
  for (const text of [
    "norm(tool - puck)",
    "sqrt(square(tool[1] - puck[1]))",
    "(tool[1] / (1 m) - puck[1] / (1 m))^0.5",
    "abs(tool[1] - puck[1])",
    "max(tool[1] - puck[1], 0 m)",
    "norm(puck - mark) + norm(tool - mark)",
  ]) {
    const term = residual("expression", `{ value: "${text}", tolerance: 1${text.includes("^0.5") ? "" : " m"} }`);
    const x = instant([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    x.J.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (const [c, p] of [0.3, -0.2, 0.1].entries()) x.tool[4 * c + 3] = p;
    const r = new Float64Array(term.dim),
      J = new Float64Array(term.dim * nq).fill(NaN);
    term.evaluate(x, r, J);
    assert.ok(r.every((e) => e === 0) && J.every((e) => Number.isFinite(e) && Math.abs(e) <= 1), `${text}: ${r}, ${J}`);
  }
  const angle = residual("expression", '{ value: "atan2(tool[2], tool[1])", tolerance: 1 rad }'),
    r = new Float64Array(1),
    J = new Float64Array(nq);
  angle.evaluate(
    {
      ...instant([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
      J: new Float64Array(18).fill(1),
    },
    r,
    J,
  );
  assert.deepEqual([...r, ...J], [0, 0, 0, 0]);
});

test("a region's residual beside faces, edges, corners and centre is the distance by clamping", () => {
  const rng = new Rng(6);
  const half = [0.1, 0.2, 0.05];
  const term = residual(
    "region",
    "{ object: puck, in: { box: { center: [0, 0, 0], size: [0.2, 0.4, 0.1] } }, tolerance: 1 m }",
  );
  for (const off of TINY) {
    for (let i = 0; i < 40; i++) {
      const p = half.map((h) => [0, -h, h][Math.floor(rng.uniform() * 3)] + off * (rng.uniform() < 0.5 ? -1 : 1));
      const r = new Float64Array(1);
      term.evaluate(
        {
          ...instant([
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ]),
          from: stateWith(belief("puck", p[0], p[1], p[2])),
        },
        r,
      );
      const truth = Math.hypot(...p.map((x, c) => Math.max(0, Math.abs(x) - half[c])));
      assert.ok(Math.abs(r[0] - truth) < 1e-12, `${p}: ${r[0]}, want ${truth}`);
    }
  }
});

test("costs at places that are no numbers are no numbers, and beside their corners finite and without a leap", () => {
  const energy = (term: CostTerm, position: readonly number[], tool: readonly number[] = [0, 0, 0.3]): number => {
    const r = new Rollouts({ K: 1, H: 1, substeps: 1, dt: 0.1, nu: nq, nq, nc: 1, dim: 2, no: 1 });
    Object.assign(r, { from, predicted: ["puck"] });
    for (const n of [0, 1])
      for (let c = 0; c < 3; c++) {
        r.tool[12 * n + 4 * c + 3] = tool[c];
        r.objects[3 * n + c] = position[c];
        r.capsules.set([...tool, ...tool], 6 * n);
      }
    const out = new Float64Array(1);
    term.evaluate(r, out, 1);
    return out[0];
  };
  const distance = (done: number): CostTerm =>
    new ObjectDistance(Float64Array.of(0.2, 0.1, 0), Float64Array.of(done), {
      scale: 0.1,
      nearness: 0.5,
      standoff: 0.05,
      running: 1,
      terminal: 1,
    });
  const overlap = new ObjectOverlap({ top: 0.045, side: 0.02, keep: 0.062, inside: 0.04 });
  for (const bad of [
    [NaN, 0.1, 0],
    [0.2, NaN, 0],
    [NaN, NaN, NaN],
  ]) {
    assert.ok(Number.isNaN(energy(distance(0.01), bad)), `${bad}`);
    assert.ok(!(energy(overlap, bad, [0, 0, 0]) < 0.2), `overlap ${bad}`);
  }
  for (const off of TINY) {
    assert.ok(Number.isFinite(energy(distance(0), [0.2 + off, 0.1, 0])));
    assert.ok(
      energy(distance(0.01), [0.2 + 0.01 + off, 0.1, 0]) <= 400 * off + 1e-9,
      "grows from nothing where it is done",
    );
  }
  for (const part of ["tool", "arm"] as const) {
    const keep = createCost(
      { kind: "keep_away", spec: { from: [0, 0, 0.3], distance: 0.1, part } },
      { nq, limits: limitsOf(nq) },
    );
    for (const off of TINY)
      assert.ok(
        Math.abs(energy(keep, [0, 0, 0], [off, 0, 0.3]) - 0.1 * (Math.max(0, 0.1 - off) / 0.1) ** 2) < 1e-9,
        `${part} ${off}`,
      );
  }
  const latent = new LatentDistance(new Float32Array(2), LatentDistance.bySpread([1, 1]), { running: 0, terminal: 1 });
  assert.equal(energy(latent, [0, 0, 0]), 0);
});
