import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { bindTask, costs, createCost, createGoal, loadTask, worstBlock } from "../../src/cost/index.js";
import type { CostSpec, CostTerm } from "../../src/cost/index.js";
import { OracleArm, belief, limitsOf, stateWith } from "./oracleArm.js";

const nq = 6;
const [K, H, substeps] = [40, 5, 3];
const from = stateWith(belief("puck", 0.3, -0.2, 0.1));
const arm = new OracleArm(nq, 4);
const rollouts = arm.rollouts(K, H, substeps, new Rng(6), from, ["puck", "mark"], 4, 3);

const task = bindTask(
  loadTask(`goal: [{ tool_pose: { position: [0, 0, 0.3] } }]
costs:
  - tool_pose: { position: [0.1, 0.2, 0.3], pointing: [0, 0, -1] }
  - joint_positions: { joint2: 0.5 }
  - expression: "norm(tool - puck)"
  - expression: { value: norm(v), tolerance: 1 rad/s }
  - keep_away: { from: puck, distance: 60 cm }
  - keep_away: { from: puck, distance: 60 cm, part: arm }
  - keep_away: { from: [0, 0, 0.2], distance: 40 cm, part: arm }
  - effort: {}
  - smoothness: {}
  - travel: {}
  - uncertainty: {}
  - overlap: {}
  - object_at: { object: puck, position: [0.1, 0.2] }
  - region: { object: mark, in: { box: { center: [0, 0, 0], size: [0.5, 0.5, 0.5] } } }
  - relation: { on: [puck, mark] }
  - relation: { left_of: [puck, mark] }
`),
  {
    jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
    objects: ["puck", "mark"],
    predicted: ["puck", "mark"],
  },
);
const create = (spec: CostSpec): CostTerm => createCost(structuredClone(spec), { nq, limits: limitsOf(nq) });

/** The rollouts of the given indices, in that order. */
function chosen(which: readonly number[]): Rollouts {
  const r = new Rollouts({
    K: which.length,
    H,
    substeps,
    dt: rollouts.dt,
    nu: nq,
    nq,
    nc: rollouts.nc,
    dim: rollouts.dim,
    no: rollouts.no,
    S: rollouts.S,
  });
  r.from = from;
  r.predicted = rollouts.predicted;
  for (const name of ["q", "v", "tool", "capsules", "radius", "z", "objects", "spread"] as const) {
    const size = rollouts[name].length / K;
    which.forEach((k, i) => r[name].set(rollouts[name].subarray(k * size, (k + 1) * size), i * size));
  }
  return r;
}

const evaluate = (term: CostTerm, r: Rollouts): Float64Array => {
  const out = new Float64Array(r.K).fill(NaN);
  term.evaluate(r, out, r.K);
  return out;
};

test("every kind of cost is in the list tested here", () => {
  const tested = new Set(task.costs.map(({ kind }) => kind));
  for (const kind of costs.names) assert.ok(tested.has(kind), kind);
});

task.costs.forEach((spec, i) => {
  const label = `${spec.kind} (${i})`;
  const batch = evaluate(create(spec), rollouts);

  test(`${label}: finite, ≥ 0, and not the same for all`, () => {
    assert.ok(batch.every((e) => Number.isFinite(e) && e >= 0));
    assert.ok(new Set(batch).size > 1);
  });

  test(`${label}: a batch is its single evaluations, bit for bit`, () => {
    for (let k = 0; k < K; k++) assert.equal(evaluate(create(spec), chosen([k]))[0], batch[k]);
  });

  test(`${label}: permuting the batch permutes the energies`, () => {
    const rng = new Rng(1);
    const order = Array.from({ length: K }, (_, k) => ({ k, key: rng.bits() }))
      .sort((a, b) => a.key - b.key)
      .map(({ k }) => k);
    const permuted = evaluate(create(spec), chosen(order));
    order.forEach((k, at) => assert.equal(permuted[at], batch[k]));
  });

  test(`${label}: only the first K are touched, and a term may be used again`, () => {
    const term = create(spec);
    const out = new Float64Array(K).fill(-7);
    term.evaluate(rollouts, out, 3);
    assert.deepEqual([...out.slice(0, 5)], [...batch.slice(0, 3), -7, -7]);
    assert.deepEqual(evaluate(term, rollouts), batch);
  });
});

test("keep_away: the arm is never farther than its nearest sampled point; out of reach there is no cost", () => {
  const near = create(
    task.costs.find(({ kind, spec }) => kind === "keep_away" && (spec as { part: string }).part === "arm")!,
  );
  const center = [0.3, -0.2, 0.1];
  const { N, nc, capsules, radius } = rollouts;
  let expected = 0;
  for (let n = 1; n < N; n++) {
    let least = Infinity;
    for (let c = n * nc; c < (n + 1) * nc; c++) {
      for (let t = 0; t <= 1; t += 1 / 2048) {
        const d =
          Math.hypot(...center.map((x, i) => (1 - t) * capsules[6 * c + i] + t * capsules[6 * c + 3 + i] - x)) -
          radius[c];
        least = Math.min(least, d);
      }
    }
    expected += (Math.max(0, 0.6 - least) / 0.6) ** 2 * (rollouts.dt / substeps);
  }
  const got = evaluate(near, rollouts)[0];
  assert.ok(got >= expected - 1e-12 && got - expected < 1e-4, `${got} and ${expected}`);
  const far = createCost(
    { kind: "keep_away", spec: { from: [50, 0, 0], distance: 1, part: "arm" } },
    { nq, limits: limitsOf(nq) },
  );
  assert.ok(evaluate(far, rollouts).every((e) => e === 0));
});

test("effort is 1 where every joint is driven at its limit, and smoothness 1 where it swings between both", () => {
  const limits = limitsOf(nq);
  const r = chosen([0]);
  const delta = r.dt / substeps;
  for (let n = 0; n < r.N; n++) for (let j = 0; j < nq; j++) r.v[n * nq + j] = n * delta * limits.acceleration[j];
  const of = (kind: CostSpec["kind"]): number => evaluate(create({ kind, spec: {}, weight: 1 }), r)[0];
  assert.ok(Math.abs(of("effort") - 1) < 1e-12 && of("smoothness") < 1e-20);
  for (let n = 0; n < r.N; n++) for (let j = 0; j < nq; j++) r.v[n * nq + j] = (n % 2) * delta * limits.acceleration[j];
  assert.ok(Math.abs(of("effort") - 1) < 1e-12 && Math.abs(of("smoothness") - 1) < 1e-12);
});

test("a goal holds iff every block is within its tolerance, and then costs little", () => {
  const goal = createGoal(task.goal[0], { nq, limits: limitsOf(nq) });
  const r = new Float64Array(goal.dim);
  const x = arm.instant(new Float64Array(nq), from);
  for (const [d, holds] of [
    [0, true],
    [0.0199, true],
    [0.0201, false],
    [NaN, false],
  ] as const) {
    x.tool.set([1, 0, 0, d, 0, 1, 0, 0, 0, 0, 1, 0.3]);
    goal.evaluate(x, r);
    assert.equal(worstBlock(goal.blocks, r) <= 1, holds, `${d} m away`);
  }
});

test("where an expression has no value, the path is infinitely dear rather than NaN", () => {
  const spec = bindTask(loadTask('goal: [{ expression: "sqrt(tool[1] - 5 m) / sqrt(1 m)" }]'), {
    jointNames: [],
    objects: [],
    predicted: [],
  }).goal[0];
  assert.ok(evaluate(createCost(spec, { nq, limits: limitsOf(nq) }), rollouts).every((e) => e === Infinity));
});
