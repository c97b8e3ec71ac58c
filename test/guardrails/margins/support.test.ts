import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { loadSetup, type AgentSetup } from "../../../src/agent/setup/AgentSetup.js";
import { setupUnderTask } from "../../../src/agent/setup/setupUnderTask.js";
import type { Held } from "../../../src/core/Held.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { GuardrailSpec } from "../../../src/guardrails/index.js";
import { Support } from "../../../src/guardrails/margins/Support.js";
import { armHolding } from "../../../src/kinematics/armHolding.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { HeldOracle, poseOf, things } from "../HeldOracle.js";
import { arm, asMeans, between, randomPaths } from "../setups.js";
import { shapes } from "./randomShapes.js";

const a = arm("arm7"),
  DEPTH = 0.004;

/** Standing still at each path's first knot. */
function stand(r: Rollouts): Rollouts {
  r.v.fill(0);
  for (let i = 0; i < r.q.length; i++) if (Math.floor(i / r.nq) % r.N > 0) r.q[i] = r.q[i - r.nq];
  return r;
}

/** The positions of the first path, by its velocities. */
function follow(r: Rollouts): Rollouts {
  for (let i = r.nq; i < r.N * r.nq; i++) r.q[i] = r.q[i - r.nq] + 0.5 * (r.v[i] + r.v[i - r.nq]) * r.dt;
  return r;
}

/** A slanted floor 1 cm from a thing as it is. */
function below({ geometry, balls, arm: own }: HeldOracle): Shape {
  const normal = [0.36, 0.48, 0.8] as const,
    least = balls.map(
      (b) => normal.reduce((sum, n, e) => sum + n * geometry.ends[6 * b + e], 0) - own.capsules[b].radius,
    );
  return { kind: "halfSpace", normal, offset: Math.min(...least) - 0.01 };
}

function margins(guardrail: Support, r: Rollouts, of: ReturnType<typeof armHolding>): Float64Array {
  const out = new Float64Array(r.K);
  new Sweep(of).fill(r);
  guardrail.margin(r, out, r.K);
  return out;
}

for (const [kind, draw] of Object.entries(things)) {
  if (kind === "cup") continue; // the box about it counts: below
  test(`${kind} over a floor: at rest exactly its lowest corner's height and the depth`, () => {
    const rng = new Rng(1),
      held = draw(rng),
      holding = { ...armHolding(a, held), trackingError: 0.004 }, // which is not counted
      o = new HeldOracle(a, held, rng, 8),
      r = stand(randomPaths(holding, 30, 2, 0.01, rng, 0)),
      told = margins(new Support(holding, [{ kind: "halfSpace", normal: [0, 0, 2], offset: 0.4 }], DEPTH), r, holding);
    for (let k = 0; k < r.K; k++) {
      o.geometry.place(between(r, k, 0, 0));
      const lowest = Math.min(...o.balls.map((b) => o.geometry.ends[6 * b + 2] - o.arm.capsules[b].radius));
      assert.ok(Math.abs(told[k] - (lowest - 0.2 + DEPTH)) < 1e-9, `told ${told[k]}, there is ${lowest - 0.2 + DEPTH}`);
    }
  });
}

for (const [kind, draw] of Object.entries(things))
  test(`${kind} and what it may touch: never more room than there is between knots too`, () => {
    const rng = new Rng(2),
      held = draw(rng),
      holding = { ...armHolding(a, held), trackingError: 0.004 }, // which is not counted
      o = new HeldOracle(a, held, rng, Math.ceil(16 / held.parts.length));
    let near = 0;
    for (const make of Object.values(shapes)) {
      // one of them as it comes, one just below where the first path begins
      const q0 = randomPaths(holding, 1, 2, 0.02, rng);
      o.geometry.place(between(q0, 0, 0, 0));
      const all: Shape[] = [make(rng), below(o)];
      const from = (r: Rollouts): Rollouts => (r.q.set(q0.q.subarray(0, a.nq)), follow(r));
      for (const r of [from(randomPaths(holding, 10, 4, 0.02, rng)), asMeans(randomPaths(holding, 6, 4, 0.02, rng))]) {
        const told = margins(new Support(holding, all, DEPTH), r, holding);
        for (let k = 0; k < r.K; k++)
          for (let n = 0; n < r.N; n++)
            for (let i = 0; i < (n + 1 < r.N && !r.quasistatic ? 10 : 1); i++) {
              o.geometry.place(between(r, k, n, i / 10));
              for (const b of o.balls)
                for (const shape of all) {
                  const truth = o.geometry.toShape(b, shape);
                  if (truth > 1e-6) assert.ok(told[k] <= truth + DEPTH + 1e-9, `told ${told[k]}, there is ${truth}`);
                  else assert.ok(told[k] <= DEPTH + 1e-9, `told ${told[k]} inside`);
                  if (Math.abs(truth) < 0.05) near++;
                }
            }
      }
    }
    assert.ok(near > 20, `${near} near`);
  });

test("at full speed, for knots 40 ms apart, no corner is ever lower over a floor than told", () => {
  const rng = new Rng(5);
  let strayed = 0;
  for (const draw of Object.values(things)) {
    const held = draw(rng),
      far = { ...held, pose: held.pose.map((x, i) => (i === 11 ? x + 0.3 : x)) }, // farther out than the hand
      holding = armHolding(a, far),
      o = new HeldOracle(a, far, rng, 0),
      r = randomPaths(holding, 60, 2, 0.04, rng),
      told = margins(new Support(holding, [{ kind: "halfSpace", normal: [0, 0, 1], offset: -3 }], 0), r, holding);
    const height = (k: number, s: number): number => {
      o.geometry.place(between(r, k, 0, s));
      return Math.min(...o.balls.map((b) => o.geometry.ends[6 * b + 2] - o.arm.capsules[b].radius)) + 3;
    };
    for (let k = 0; k < r.K; k++) {
      const ends = Math.min(height(k, 0), height(k, 1));
      for (let i = 1; i < 10; i++) {
        const truth = height(k, i / 10);
        assert.ok(told[k] <= truth + 1e-9, `${held.id}: told ${told[k]}, there is ${truth}`);
        if (truth < ends - 1e-4) strayed++;
      }
    }
  }
  assert.ok(strayed > 20, `${strayed} below both knots`);
});

test("a way across a box's edge, above it at one knot and beside it at the next, is one through the box", () => {
  const held: Held = { ...things.block(new Rng(1)), pose: poseOf([0, 0, 0, 1], [0, 0, 0]), positionStd: 0 },
    holding = armHolding(a, held),
    box: Shape = { kind: "box", center: [0, 0, 0], size: [1, 1, 1], orientation: [0, 0, 0, 1] },
    r = randomPaths(holding, 1, 2, 0.01, new Rng(1)),
    out = new Float64Array(1);
  new Sweep(holding).fill(r);
  r.thickness.set(Array.from(r.thickness, (_, i) => holding.capsules[i % r.nc].radius));
  r.tool.set(poseOf([0, 0, 0, 1], [0.4, 0, 0.53]));
  r.tool.set(poseOf([0, 0, 0, 1], [0.53, 0, 0.4]), 12);
  new Support(holding, [box], 0).margin(r, out, 1);
  assert.ok(out[0] < -0.03, `told ${out[0]}`); // half-way its corner is 5.5 cm within both faces
  r.tool.set(poseOf([0, 0, 0, 1], [0.3, 0, 0.53]), 12);
  new Support(holding, [box], 0).margin(r, out, 1);
  assert.ok(Math.abs(out[0] - 0.01) < 1e-12);
});

test("standing on a box's top, or beside it, it is told within a hundredth of a millimetre; in it, how deep", () => {
  const held: Held = { ...things.block(new Rng(1)), pose: poseOf([1, 0, 0, 0], [0, 0, 0]), positionStd: 0 },
    holding = armHolding(a, held),
    r = stand(randomPaths(holding, 1, 2, 0.01, new Rng(1), 0));
  r.q.set([...a.home, ...a.home]);
  const o = new HeldOracle(a, held, new Rng(1), 0).geometry.place(a.home).tool,
    [x, y, z] = [o[3], o[7], o[11]];
  const box = (dx: number, dz: number): Shape => ({
    kind: "box",
    center: [x + dx, y, z + dz],
    size: [0.4, 0.4, 0.4],
    orientation: [0, 0, 0, 1],
  });
  const told = (s: Shape): number => margins(new Support(holding, [s], 0), r, holding)[0];
  for (const gap of [0.03, 0.001, 0, -0.002, -0.01]) {
    assert.ok(Math.abs(told(box(0, -0.22 - gap)) - gap) < 1e-5, `${told(box(0, -0.22 - gap))} on top, want ${gap}`);
    assert.ok(Math.abs(told(box(0.22 + gap, 0)) - gap) < 2e-4, `${told(box(0.22 + gap, 0))} beside, want ${gap}`);
  }
});

test("each support by itself is a part, the least of which is the whole; what is no number makes it none", () => {
  const rng = new Rng(3),
    held = things.hammer(rng),
    holding = armHolding(a, held),
    all = [shapes.box(rng), shapes.halfSpace(rng), shapes.capsule(rng)],
    r = randomPaths(holding, 10, 3, 0.01, rng),
    whole = new Support(holding, all, DEPTH),
    told = margins(whole, r, holding),
    parts = whole.parts().map((p) => margins(p, r, holding));
  assert.equal(parts.length, 3);
  for (let k = 0; k < r.K; k++) assert.equal(told[k], Math.min(...parts.map((p) => p[k])));
  for (const at of [0, 1, 2]) {
    const broken = randomPaths(holding, 1, 3, 0.01, rng);
    broken.q[at * a.nq + 2] = NaN;
    assert.ok(Number.isNaN(margins(whole, broken, holding)[0]));
  }
  assert.throws(() => new Support(a, all, 0), /holds nothing/);
});

// A block of 4 cm lies on the table: the tool may come down to it, and lift it.
const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
const block: Held = {
  id: "block",
  parts: [{ kind: "box", size: [0.04, 0.04, 0.04], center: [0, 0, 0], orientation: [0, 0, 0, 1] }],
  pose: poseOf([1, 0, 0, 0], [0, 0, 0]),
  mass: 0.1,
  positionStd: 0.001,
};
const holding: GuardrailSpec = { kind: "holding", config: block },
  on = (ids: string[], depth = 0.005): GuardrailSpec => ({ kind: "support", config: { ids, shapes: [], depth } });
const names = (of: AgentSetup, task: readonly GuardrailSpec[]): string[] =>
  buildGuardrails(setupUnderTask(of, task), task).map((g) => g.name);

test("a support is one only of what is held, and only where it is named", () => {
  assert.ok(!names(setup, [on(["table"])]).includes("support"));
  assert.ok(!names(setup, [holding]).includes("support"));
  assert.ok(!names(setup, [holding, on([])]).includes("support"));
  assert.ok(names(setup, [holding, on(["table"])]).includes("support"));
  const avoid: GuardrailSpec = {
    kind: "avoid",
    config: {
      shapes: [
        {
          id: "box1",
          shape: { kind: "box", center: [0.5, 0, 0.02], size: [0.1, 0.1, 0.04], orientation: [0, 0, 0, 1] },
        },
      ],
      spared: [],
    },
  };
  assert.ok(names(setup, [holding, avoid, on(["box1"])]).includes("support"));
  assert.ok(
    names(setup, [
      holding,
      { kind: "support", config: { ids: [], shapes: avoid.config.shapes, depth: 0.002 } },
    ]).includes("support"),
  );
});
