import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { boundingBoxOf } from "../../../src/kinematics/shapes/boundingBoxOf.js";
import { arm } from "../../guardrails/setups.js";
import { HeldOracle, poseOf, things } from "../../guardrails/HeldOracle.js";

test("the box about shapes holds all balls of them, and is touched on every side", () => {
  const rng = new Rng(1),
    a = { ...arm("arm7"), toolOffset: poseOf([0, 0, 0, 1], [0, 0, 0]) };
  for (const draw of Object.values(things))
    for (let i = 0; i < 10; i++) {
      const drawn = draw(rng),
        more = { kind: "capsule" as const, p0: [0.1, 0.02, 0] as const, p1: [0.1, 0.05, 0.1] as const, radius: 0.03 },
        held = { ...drawn, pose: poseOf([0, 0, 0, 1], [0, 0, 0]), parts: [...drawn.parts, ...(i % 2 ? [more] : [])] },
        { center, size, orientation } = boundingBoxOf(held.parts),
        o = new HeldOracle(a, held, rng, 10),
        capsules = o.balls.map((b) => o.arm.capsules[b]);
      assert.deepEqual(orientation, [0, 0, 0, 1]);
      for (let e = 0; e < 3; e++) {
        const high = Math.max(...capsules.map(({ p0, radius }) => p0[e] + radius)),
          low = Math.min(...capsules.map(({ p0, radius }) => p0[e] - radius));
        assert.ok(Math.abs(center[e] + size[e] / 2 - high) < 1e-12 && Math.abs(center[e] - size[e] / 2 - low) < 1e-12);
      }
    }
  assert.throws(() => boundingBoxOf([{ kind: "halfSpace", normal: [0, 0, 1], offset: 0 }]), /half-space/);
});
