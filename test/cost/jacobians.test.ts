import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { parseConfig, parseYaml } from "../../src/config/index.js";
import { createGoal, goals } from "../../src/cost/index.js";
import type { BindContext, Plugin, Residual } from "../../src/cost/index.js";
import { OracleArm, belief, limitsOf, randomAngles, stateWith } from "./oracleArm.js";

const from = stateWith(belief("puck", 0.3, -0.2, 0.1), belief("mark", -0.1, 0.2, 0.4));

/** A goal as YAML writes it, bound to an arm of nq joints. */
function residual(kind: string, yaml: string, nq: number): Residual {
  const plugin = goals.of(kind) as unknown as Plugin<unknown, unknown, Residual>;
  const context: BindContext = {
    jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
    objects: ["puck", "mark"],
    predicted: ["puck", "mark"],
  };
  return createGoal(
    { kind, spec: structuredClone(plugin.bind(parseConfig(plugin.schema, parseYaml(yaml, "f.yaml")), context)) },
    { nq, limits: limitsOf(nq) },
  );
}

const terms: readonly (readonly [string, string])[] = [
  ["tool_pose", "{ position: [0.1, 0.2, 0.3] }"],
  ["tool_pose", "{ orientation: [0.5, 0.5, 0.5, 0.5] }"],
  ["tool_pose", "{ orientation: { rpy: [0.3, -1.2, 2.5] }, angle_tolerance: 1 deg }"],
  ["tool_pose", "{ pointing: [0, 0, -1] }"],
  ["tool_pose", "{ pointing: [0.3, -2, 1], position: [1, 0, 0], tolerance: 5 mm }"],
  ["joint_positions", "{ joint2: 30 deg, joint5: -1, tolerance: 0.1 }"],
  ["joint_positions", "{ positions: { joint1: 1 }, tolerance: 1 deg }"],
  ["object_at", "{ object: puck, position: [0.4, 0.1] }"],
  ["region", "{ object: puck, in: { sphere: { center: [0.1, 0, 0], radius: 10 cm } } }"],
  ["relation", "{ on: [puck, mark] }"],
  ["tool_line", "{ through: [0.1, 0.2, 0.3] }"],
  ["tool_line", "{ through: [0.1, 0.2, 0.3], along: [1, -2, 0.5], tolerance: 2 cm }"],
  ["expression", '"norm(tool - puck)"'],
  ["expression", '"tool - puck + [0, 0, 10 cm]"'],
  ["expression", '{ value: "dot(tool - puck, mark - puck) / norm(mark - puck)^2", tolerance: 0.1 }'],
  ["expression", '"max(0, 0.2 m - tool[3]) + min(tool[1], tool[2], 3 cm)"'],
  [
    "expression",
    '"sin(q[1]) * cos(q[2] / 2) - exp(-square(q[3] / (1 rad))) + tan(q[4]/9) + log(2 + abs(q[5] / (90 deg)))"',
  ],
  ["expression", '{ value: "sqrt(square(tool[1]) + square(tool[2])) * atan2(tool[2], tool[1])", tolerance: 1 m rad }'],
  [
    "expression",
    '"norm(q - 0.5 * q) / norm(q + [1 rad, 0, 0, 0, 0]) + (norm(tool) / (1 m))^1.5 + 2^(tool[3] / (1 m))"',
  ],
];

for (const [kind, yaml] of terms) {
  test(`∂r/∂q of ${kind} ${yaml} equals finite differences`, () => {
    const rng = new Rng(11);
    let compared = 0;
    for (let i = 0; i < 200; i++) {
      const arm = new OracleArm(5, 100 + i);
      const term = residual(kind, yaml, arm.nq);
      assert.equal(
        term.blocks.reduce((a, b) => a + b),
        term.dim,
      );
      const q = randomAngles(arm.nq, rng);
      const at = (dq: number, j: number): Float64Array => {
        const r = new Float64Array(term.dim);
        term.evaluate(
          arm.instant(
            q.map((x, k) => (k === j ? x + dq : x)),
            from,
          ),
          r,
        );
        return r;
      };
      const r = new Float64Array(term.dim);
      const J = new Float64Array(term.dim * arm.nq).fill(NaN);
      term.evaluate(arm.instant(q, from), r, J);
      for (let j = 0; j < arm.nq; j++) {
        const h = 1e-6;
        const [plus, minus] = [at(h, j), at(-h, j)];
        for (let k = 0; k < term.dim; k++) {
          // Beside a corner (max, abs, a turn by π) the two one-sided slopes differ, and no derivative exists to
          // compare with.
          const [ahead, behind] = [(plus[k] - r[k]) / h, (r[k] - minus[k]) / h];
          const scale = 1 + Math.abs(ahead);
          if (!(Math.abs(ahead - behind) < 1e-3 * scale)) continue;
          compared++;
          assert.ok(
            Math.abs((plus[k] - minus[k]) / (2 * h) - J[k * arm.nq + j]) < 2e-5 * scale,
            `pose ${i}, r[${k}], joint ${j}: ${(plus[k] - minus[k]) / (2 * h)} and ${J[k * arm.nq + j]}`,
          );
        }
      }
    }
    assert.ok(compared > 900, `${compared} entries compared`);
  });
}

test("tool_pose measures angles: a turn of α about any axis is an error of α, up to half a turn", () => {
  const rng = new Rng(5);
  const term = residual("tool_pose", "{ orientation: [0, 0, 0, 1], angle_tolerance: 1 rad }", 5);
  const angles = [0, 1e-9, 1e-5, 0.01, 1, 3, Math.PI - 1e-3, Math.PI - 1e-5, Math.PI - 1e-7, Math.PI];
  for (let i = 0; i < 500; i++) {
    const axis = i < 3 ? [0, 1, 2].map((k) => Number(k === i)) : [rng.normal(), rng.normal(), rng.normal()];
    const n = Math.hypot(...axis);
    const [x, y, z] = axis.map((a) => a / n);
    const alpha = angles[i % angles.length];
    const [c, s] = [Math.cos(alpha), Math.sin(alpha)];
    const f = 1 - c;
    // prettier-ignore
    const tool = Float64Array.of(
      c + x * x * f, x * y * f - z * s, x * z * f + y * s, 0,
      y * x * f + z * s, c + y * y * f, y * z * f - x * s, 0,
      z * x * f - y * s, z * y * f + x * s, c + z * z * f, 0,
    );
    const r = new Float64Array(3);
    term.evaluate({ q: r, v: r, iq: 0, tool, it: 0, J: new Float64Array(30), from }, r);
    assert.ok(Math.abs(Math.hypot(...r) - alpha) < 1e-7, `${alpha}: ${Math.hypot(...r)}`);
    if (alpha < Math.PI - 1e-4) [x, y, z].forEach((a, k) => assert.ok(Math.abs(r[k] - alpha * a) < 1e-7));
    else assert.ok(Math.abs(Math.abs(r[0] * x + r[1] * y + r[2] * z) - alpha) < 1e-6, "along the axis");
  }
});

test("a tool that points the wrong way knows where to turn", () => {
  const term = residual("tool_pose", "{ pointing: [0, 0, -1], angle_tolerance: 1 rad }", 5);
  const r = new Float64Array(3);
  const J = new Float64Array(15);
  term.evaluate(
    {
      q: r,
      v: r,
      iq: 0,
      tool: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
      it: 0,
      J: new Float64Array(30).fill(1),
      from,
    },
    r,
    J,
  );
  assert.ok(Math.abs(Math.hypot(...r) - Math.PI) < 1e-12);
  assert.ok(J.every(Number.isFinite));
});
