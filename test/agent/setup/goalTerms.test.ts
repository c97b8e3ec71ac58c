import assert from "node:assert/strict";
import { test } from "node:test";
import { goalTerms } from "../../../src/agent/setup/goalTerms.js";
import { loadAgentConfig } from "../../../src/agent/setup/AgentConfig.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { Percept } from "../../../src/core/Percept.js";
import { ObjectDistance, type EnergyConfig, type GoalSpec } from "../../../src/cost/index.js";
import { limitsOf } from "../../cost/oracleArm.js";

const manifest = {
  objects: ["red", "blue"],
  latent: {
    id: "x",
    dim: 2,
    std: [1, 1],
    steps: [
      [1, 0],
      [2, 3],
    ],
  },
};
const context = { nq: 7, limits: limitsOf(7) };
const usual = loadAgentConfig("learned").levels[0].learned!.energy;
const energy = (change: Partial<EnergyConfig>): EnergyConfig => ({
  ...usual,
  objects: 2,
  latent: 3,
  tool: 4,
  ...change,
});
const seen: Percept = {
  stamp: 0,
  z: Float32Array.of(1, 2),
  objects: [
    { id: "red", position: [0.4, 0.1, 0.02], std: 0.01 },
    { id: "blue", position: [0.5, -0.1, 0.02], std: 0.01 },
  ],
  tool: [0.3, 0, 0.2],
};
const picture = (match: string, look: Percept | undefined = seen): GoalSpec => ({
  kind: "goal_image",
  spec: { picture: { width: 1, height: 1, data: new Uint8Array(3) }, match, tolerance: 0.03, seen: look },
});
const place: GoalSpec = { kind: "object_at", spec: { object: "blue", position: [0.55, 0.2], tolerance: 0.02 } };
const names = (goals: readonly GoalSpec[], change: Partial<EnergyConfig> = {}): Record<string, number> =>
  Object.fromEntries(
    goalTerms(goals, energy(change), manifest, context).map(({ cost, weight }) => [cost.name, weight]),
  );

test("a picture is three energies, each with its weight; what is not to match or has no weight is none", () => {
  assert.deepEqual(names([picture("all")]), { tool: 4, latent: 3, objects: 2 });
  assert.deepEqual(names([picture("objects")]), { latent: 3, objects: 2 });
  assert.deepEqual(names([picture("tool")]), { tool: 4, latent: 3 });
  assert.deepEqual(names([picture("all")], { latent: 0, tool: 0 }), { objects: 2 });
  assert.deepEqual(names([picture("objects")], { latent: 0, steps: 5 }), { steps: 5, objects: 2 });
  assert.deepEqual(names([place]), { objects: 2 });
  assert.deepEqual(names([{ kind: "joint_positions", spec: { joints: [0], angles: [1], tolerance: 0.1 } }]), {
    joint_positions: 1,
  });
});

test("places that are written and places that are seen in a picture are one energy: that of all of them", () => {
  const [got] = goalTerms([picture("objects"), place], energy({ latent: 0, tool: 0 }), manifest, context);
  const want = new ObjectDistance(
    Float64Array.of(0.4, 0.1, 0.02, 0.55, 0.2, 0.02),
    Float64Array.of(0.015, 0.01),
    energy({}),
  );
  const r = new Rollouts({ K: 4, H: 3, substeps: 1, dt: 0.4, nu: 3, nq: 7, nc: 0, dim: 2, no: 2 });
  for (let i = 0; i < r.objects.length; i++) r.objects[i] = Math.sin(i);
  const [a, b] = [new Float64Array(4), new Float64Array(4)];
  got.cost.evaluate(r, a, 4);
  want.evaluate(r, b, 4);
  assert.deepEqual(a, b);
  assert.ok(new Set(a).size === 4);
});

test("a picture that is not encoded yet gives no energy", () => {
  const blind: GoalSpec = { kind: "goal_image", spec: { ...(picture("all").spec as object), seen: undefined } };
  assert.throws(() => goalTerms([blind], energy({}), manifest, context), /not encoded yet/);
});
