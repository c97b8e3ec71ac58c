import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { PreparedShape } from "../../../src/core/geometry/PreparedShape.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../../src/guardrails/margins/Separation.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { arm, asMeans, person, randomPaths, robots, world } from "../setups.js";
import { shapes } from "./randomShapes.js";

// Margins are their formulas, whatever is passed over on the way to them.

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
      if (i % 6 < 3) r.chord[i] = rng.range(-0.1, 0.1);
      else r.chord[i] = Math.floor(i / 6) % 2 === 0 ? r.chord[i - 3] : 0;
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
