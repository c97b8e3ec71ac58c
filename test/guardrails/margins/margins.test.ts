import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { PreparedShape } from "../../../src/core/geometry/PreparedShape.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { Shape, Vec3 } from "../../../src/core/geometry/Shape.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../../src/guardrails/margins/Separation.js";
import { Workspace } from "../../../src/guardrails/margins/Workspace.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, asMeans, between, person, randomPaths, robots, watched, world } from "../setups.js";

const vec = (rng: Rng, size: number): Vec3 => [rng.range(-size, size), rng.range(-size, size), rng.range(-size, size)];
const shapes: Record<string, (rng: Rng) => Shape> = {
  box: (rng) => ({
    kind: "box",
    center: vec(rng, 1),
    size: [rng.range(0, 0.6), rng.range(0, 0.6), rng.range(0, 0.6)],
    orientation: [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
  }),
  capsule: (rng) => ({ kind: "capsule", p0: vec(rng, 1), p1: vec(rng, 1), radius: rng.range(0, 0.2) }),
  halfSpace: (rng) => ({
    kind: "halfSpace",
    normal: [rng.normal(), rng.normal(), rng.normal()],
    offset: rng.range(-2, 0.5),
  }),
};

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

test(
  "where less is enough, margins below it are what they are, " +
    "bit for bit, and those above are told as at least that much",
  () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" }),
      sweep = new Sweep(setup.arm),
      rng = new Rng(5);
    const r = randomPaths(setup.arm, 40, 4, 0.01, rng),
      all = new Float64Array(r.K),
      some = new Float64Array(r.K);
    r.from = { ...r.from, bodies: [person([0.7, 0.3, 0], [0.7, 0.3, 0.8], 0.1, 0)] };
    sweep.fill(r);
    for (const guardrail of buildGuardrails(setup)) {
      guardrail.margin(r, all, r.K);
      const middle = all.slice().sort()[r.K >> 1];
      for (const enough of [0, middle, middle + 0.1]) {
        guardrail.margin(r, some, r.K, enough);
        for (let k = 0; k < r.K; k++)
          assert.ok(
            all[k] < enough - 1e-12 ? some[k] === all[k] : some[k] >= enough - 1e-12,
            `${guardrail.name} says ${some[k]} where ${enough} is enough, else ${all[k]}`,
          );
      }
    }
  },
);

test("of a coarse path too a velocity that is no number makes the margin of self-collision none", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" }),
    sweep = new Sweep(setup.arm),
    [self] = buildGuardrails(setup).filter((g) => g.name === "self_collision");
  const r = asMeans(randomPaths(setup.arm, 3, 4, 0.01, new Rng(6))),
    out = new Float64Array(3);
  sweep.fill(r);
  for (const wrong of [NaN, Infinity]) {
    const before = r.v[r.N * r.nq + 2 * r.nq + 3];
    r.v[r.N * r.nq + 2 * r.nq + 3] = wrong; // of the second path
    self.margin(r, out, 3);
    assert.deepEqual([...out].map(Number.isNaN), [false, true, false]);
    r.v[r.N * r.nq + 2 * r.nq + 3] = before;
  }
});

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

test("self-collision is its formula, whichever way round the pairs are named, less the clearance", () => {
  for (const name of robots) {
    const a = arm(name),
      r = randomPaths(a, 20, 4, 0.02, new Rng(41)),
      out = new Float64Array(r.K),
      lever = levers(a),
      links = Int32Array.from(a.capsules, (c) => c.link);
    new Sweep(a).fill(r);
    const turned = a.selfPairs.map((_, i) => a.selfPairs[i ^ 1]);
    for (const pairs of [a.selfPairs, turned]) {
      new SelfCollision(
        pairs,
        links,
        Float64Array.from(a.capsules, (c) => c.radius),
        lever,
        0.007,
      ).margin(r, out, r.K);
      for (let k = 0; k < r.K; k++) {
        let least = Infinity;
        for (let n = 0; n < r.N; n++)
          for (let p = 0; p < pairs.length; p += 2) {
            const [lower, upper] = [pairs[p], pairs[p + 1]].sort((x, y) => links[x] - links[y]);
            let travel = 0;
            for (let j = links[lower]; j < links[upper]; j++) {
              const at = (m: number): number => Math.abs(r.v[(k * r.N + m) * a.nq + j]);
              travel += 0.01 * Math.max(at(n), at(Math.min(n + 1, r.N - 1))) * lever[upper * a.nq + j];
            }
            const i = 6 * (k * r.N + n) * r.nc;
            least = Math.min(
              least,
              capsuleDistance(
                r.capsules,
                i + 6 * lower,
                a.capsules[lower].radius,
                r.capsules,
                i + 6 * upper,
                a.capsules[upper].radius,
              ) -
                travel -
                0.007,
            );
          }
        assert.ok(Math.abs(out[k] - least) < 1e-12);
      }
    }
  }
});

test(
  "to look at balls first never changes the answer: " +
    "long and short capsules anywhere, against every distance there is",
  () => {
    const rng = new Rng(42),
      nc = 4,
      r = new Rollouts({ K: 400, H: 2, substeps: 1, dt: 0.01, nq: 1, nc }),
      out = new Float64Array(r.K),
      every = Int32Array.from([0, 1, 2, 3]);
    for (let i = 0; i < r.capsules.length; i++) r.capsules[i] = rng.range(-2, 2);
    (r.radius.fill(0.05), r.thickness.fill(0.05));
    const all = Object.values(shapes)
      .flatMap((make) => [make(rng), make(rng)])
      .filter((s) => s.kind !== "halfSpace" || s.offset < -1);
    new KeepOut("keep_out", all, every, 0.01).margin(r, out, r.K);
    const prepared = all.map((s) => new PreparedShape(s)),
      seen = person([0.5, 0, -1], [0.5, 0.3, 1], 0.1, 0),
      axis = Float64Array.of(...seen.p0, ...seen.p1);
    const each = (k: number, f: (i: number) => number): number =>
      Math.min(...Array.from({ length: r.N * nc }, (_, o) => f(k * r.N * nc + o)));
    for (let k = 0; k < r.K; k++)
      assert.ok(
        Math.abs(
          out[k] - (each(k, (i) => Math.min(...prepared.map((s) => s.distance(r.capsules, 6 * i, 0.05)))) - 0.01),
        ) < 1e-12,
      );
    r.from = world(0, [seen]);
    new Separation(every, 0).margin(r, out, r.K);
    for (let k = 0; k < r.K; k++)
      assert.ok(Math.abs(out[k] - each(k, (i) => capsuleDistance(r.capsules, 6 * i, 0.05, axis, 0, 0.1))) < 1e-12);
    const pairs = Int32Array.of(0, 1, 2, 3);
    new SelfCollision(pairs, Int32Array.of(0, 1, 0, 1), new Float64Array(4), new Float64Array(4), 0).margin(
      r,
      out,
      r.K,
    );
    for (let k = 0; k < r.K; k++)
      assert.ok(
        Math.abs(
          out[k] -
            Math.min(
              ...Array.from({ length: r.N }, (_, n) =>
                Math.min(
                  ...[0, 2].map((p) =>
                    capsuleDistance(
                      r.capsules,
                      6 * ((k * r.N + n) * nc + p),
                      0,
                      r.capsules,
                      6 * ((k * r.N + n) * nc + p + 1),
                      0,
                    ),
                  ),
                ),
              ),
            ),
        ) < 1e-12,
      );
  },
);

test(
  "of a straight way only what goes toward a shape counts: " +
    "never more room than there is, exactly that above a plane where both ends go alike",
  () => {
    const rng = new Rng(43),
      nc = 40,
      r = new Rollouts({ K: 20, H: 0, substeps: 1, dt: 0.01, nq: 1, nc }),
      out = new Float64Array(r.K),
      size = 0.01;
    r.thickness.fill(size);
    for (let i = 0; i < r.capsules.length; i++) {
      r.capsules[i] = rng.range(-1, 1);
      // of every second link one end alone moves
      r.chord[i] = i % 6 < 3 ? rng.range(-0.1, 0.1) : Math.floor(i / 6) % 2 === 0 ? r.chord[i - 3] : 0;
      r.radius[Math.floor(i / 6)] = size + 0.1 * Math.sqrt(3);
    }
    const ground: Shape = { kind: "halfSpace", normal: [0.2, -0.1, 1], offset: -1.5 };
    for (const shape of [ground, shapes.box(rng), shapes.box(rng), shapes.capsule(rng)]) {
      const prepared = new PreparedShape(shape),
        seg = new Float64Array(6);
      for (let c = 0; c < nc; c++) {
        new KeepOut("keep_out", [shape], Int32Array.of(c), 0).margin(r, out, r.K);
        for (let k = 0; k < r.K; k++) {
          const o = 6 * (k * nc + c);
          let least = Infinity;
          for (let i = -20; i <= 20; i++) {
            for (let e = 0; e < 6; e++) seg[e] = r.capsules[o + e] + (i / 20) * r.chord[o + e];
            least = Math.min(least, prepared.distance(seg, 0, size));
          }
          if (least > 0) assert.ok(out[k] <= least + 1e-9, `${shape.kind}: ${out[k]}, there is ${least}`);
          if (shape === ground && least > 0 && c % 2 === 0) assert.ok(Math.abs(out[k] - least) < 1e-12);
        }
      }
    }
  },
);
