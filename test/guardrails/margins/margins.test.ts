import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { Vec3 } from "../../../src/core/geometry/Shape.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../../src/guardrails/margins/Separation.js";
import { Workspace } from "../../../src/guardrails/margins/Workspace.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, between, person, randomPaths, robots, watched, world } from "../setups.js";
import { vec, shapes } from "./randomShapes.js";

// No margin is more than the room there is, by brute force; what is no number makes it none.

/** The least of the oracle's measure over path k, all the way at 1/20 of the knots' distance. */
function dense(
  r: Rollouts,
  k: number,
  oracle: OracleGeometry,
  measure: (o: OracleGeometry, n: number, s: number) => number,
): number {
  let least = Infinity;
  for (let n = 0; n < r.N; n++)
    for (let i = 0; i < (n + 1 < r.N ? 20 : 1); i++) {
      oracle.place(between(r, k, n, i / 20));
      least = Math.min(least, measure(oracle, n, i / 20));
    }
  return least;
}

/** A margin never promises more room than there is between knots too (where there is any), and at rest it is exact. */
function evaluate(
  guardrail: Guardrail,
  r: Rollouts,
  sweep: Sweep,
  oracle: OracleGeometry,
  measure: (o: OracleGeometry, n: number, s: number) => number,
  still: boolean,
): void {
  const out = new Float64Array(r.K);
  sweep.fill(r);
  guardrail.margin(r, out, r.K);
  for (let k = 0; k < r.K; k++) {
    const truth = dense(r, k, oracle, measure);
    if (truth > 1e-6) assert.ok(out[k] <= truth + 1e-7, `${guardrail.name} promises ${out[k]}, there is ${truth}`);
    else assert.ok(out[k] <= 1e-6, `${guardrail.name} promises ${out[k]} in a collision`);
    if (still && truth > 1e-6)
      assert.ok(Math.abs(out[k] - truth) < 1e-6, `${guardrail.name} says ${out[k]}, there is ${truth}`);
  }
}

for (const name of robots) {
  const a = arm(name),
    sweep = new Sweep(a),
    oracle = new OracleGeometry(a),
    moving = watched(a);
  const cases: [Rollouts, boolean][] = [0, 1].flatMap((seed) => [
    [randomPaths(a, 6, 4, 0.01, new Rng(seed)), false] as [Rollouts, boolean],
    [randomPaths(a, 6, 4, 0.03, new Rng(10 + seed)), false] as [Rollouts, boolean],
    [randomPaths(a, 6, 2, 0.01, new Rng(20 + seed), 0), true] as [Rollouts, boolean],
  ]);
  for (const [r, still] of cases)
    if (still) (r.v.fill(0), r.q.set(Float64Array.from(r.q, (_, i) => r.q[i - (Math.floor(i / a.nq) % 2) * a.nq])));

  for (const [kind, make] of Object.entries(shapes))
    test(`${name}: keep-out by a ${kind} is at most the brute-force distance, and equal to it at rest`, () => {
      const rng = new Rng(31);
      for (const [r, still] of cases) {
        const all = [make(rng), make(rng)];
        evaluate(
          new KeepOut("keep_out", all, moving, 0),
          r,
          sweep,
          oracle,
          (o) => Math.min(...all.flatMap((s) => Array.from(moving, (c) => o.toShape(c, s)))),
          still,
        );
      }
    });

  test(`${name}: self-collision is at most the brute-force distance of any pair, and equal to it at rest`, () => {
    const pairs = a.selfPairs;
    const guardrail = new SelfCollision(
      pairs,
      Int32Array.from(a.capsules, (c) => c.link),
      Float64Array.from(a.capsules, (c) => c.radius),
      levers(a),
      0,
    );
    for (const [r, still] of cases)
      evaluate(
        guardrail,
        r,
        sweep,
        oracle,
        (o) =>
          Math.min(...Array.from({ length: pairs.length / 2 }, (_, p) => o.between(pairs[2 * p], pairs[2 * p + 1]))),
        still,
      );
  });

  test(`${name}: the workspace's margin is at most the least distance to a wall, and equal to it at rest`, () => {
    const low: Vec3 = [-3, -3, -3],
      high: Vec3 = [3, 2.5, 3];
    for (const [r, still] of cases)
      evaluate(
        new Workspace(low, high, moving),
        r,
        sweep,
        oracle,
        (o) =>
          Math.min(
            ...Array.from(moving, (c) =>
              [0, 1, 2, 3, 4, 5].map(
                (e) => Math.min(o.ends[6 * c + e] - low[e % 3], high[e % 3] - o.ends[6 * c + e]) - a.capsules[c].radius,
              ),
            ).flat(),
          ),
        still,
      );
  });

  test(
    `${name}: separation is at most what a person leaves who comes at the bound, ` + "from an old and noisy sight",
    () => {
      const rng = new Rng(33);
      for (const [r, still] of cases) {
        const seen = person(vec(rng, 1.5), vec(rng, 1.5), 0.1, -0.05),
          noise = 0.02,
          h = r.dt;
        r.from = world(0, [seen]);
        for (let i = 0; i < r.exposure.length; i++) r.exposure[i] = h * ((i % r.N) + 1) + 0.01;
        const axis = Float64Array.of(...seen.p0, ...seen.p1);
        // at rest the margin still counts what a person may do until the end of the interval; the oracle takes the same
        // instant
        const when = (n: number, s: number): number => 0.01 + h * (n + (still ? 1 : s));
        evaluate(
          new Separation(moving, noise),
          r,
          sweep,
          oracle,
          (o, n, s) =>
            Math.min(...Array.from(moving, (c) => o.toSegment(c, axis))) -
            seen.radius -
            noise -
            seen.speedBound * (0.05 + when(n, s)),
          still,
        );
        r.from = world(0);
      }
    },
  );
}

test(
  "a number that is none, anywhere along a path or in a body, " + "makes the margin NaN: no other number hides it",
  () => {
    const a = arm("arm7"),
      sweep = new Sweep(a),
      moving = watched(a),
      out = new Float64Array(1);
    const all: Guardrail[] = [
      new KeepOut(
        "keep_out",
        [
          { kind: "box", center: [5, 0, 0], size: [1, 1, 1], orientation: [0, 0, 0, 1] },
          { kind: "halfSpace", normal: [0, 0, 1], offset: -5 },
        ],
        moving,
        0,
      ),
      new SelfCollision(
        a.selfPairs,
        Int32Array.from(a.capsules, (c) => c.link),
        Float64Array.from(a.capsules, (c) => c.radius),
        levers(a),
        0,
      ),
      new Separation(moving, 0.02),
      new Workspace([-9, -9, -9], [9, 9, 9], moving),
    ];
    const fresh = (): Rollouts => {
      const r = randomPaths(a, 1, 5, 0.01, new Rng(4));
      r.from = world(0, [person([3, 0, 0], [3, 0, 1], 0.2, 0), person([4, 0, 0], [4, 0, 1], 0.2, 0)]);
      return r;
    };
    for (const guardrail of all) {
      for (let knot = 0; knot < 5; knot++) {
        const r = fresh();
        r.q[knot * a.nq] = NaN;
        sweep.fill(r);
        guardrail.margin(r, out, 1);
        assert.ok(Number.isNaN(out[0]), `${guardrail.name}, knot ${knot}: ${out[0]}`);
      }
    }
    for (const broken of [
      person([NaN, 0, 0], [3, 0, 1], 0.2, 0),
      person([Infinity, 0, 0], [3, 0, 1], 0.2, 0),
      person([3, 0, 0], [3, 0, 1], NaN, 0),
      person([3, 0, 0], [3, 0, 1], 0.2, NaN),
      person([3, 0, 0], [3, 0, 1], 0.2, 0, NaN),
    ]) {
      const r = fresh();
      r.from = world(0, [broken, person([4, 0, 0], [4, 0, 1], 0.2, 0)]);
      sweep.fill(r);
      all[2].margin(r, out, 1);
      assert.ok(Number.isNaN(out[0]));
    }
  },
);

test("the longer a person has not been seen, the less room there is; a stamp ahead of the clock counts as now", () => {
  const a = arm("arm7"),
    sweep = new Sweep(a),
    guardrail = new Separation(watched(a), 0),
    out = new Float64Array(1),
    r = randomPaths(a, 1, 3, 0.01, new Rng(5));
  sweep.fill(r);
  const margin = (stamp: number): number => {
    r.from = world(10, [person([2, 0, 0], [2, 0, 1], 0.2, stamp)]);
    guardrail.margin(r, out, 1);
    return out[0];
  };
  for (const age of [0.1, 0.5, 1]) assert.ok(Math.abs(margin(10) - margin(10 - age) - 1.6 * age) < 1e-9);
  assert.equal(margin(10.5), margin(10));
});
