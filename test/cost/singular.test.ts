import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { createCost, LatentDistance, ObjectDistance, type CostTerm } from "../../src/cost/index.js";
import { ObjectOverlap } from "../../src/cost/goals/ObjectOverlap.js";
import { belief, limitsOf, stateWith } from "./oracleArm.js";
import { nq, from, TINY, residual, instant } from "./singularPoints.js";

// Every term beside its singular points, against formulas of its own.

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
