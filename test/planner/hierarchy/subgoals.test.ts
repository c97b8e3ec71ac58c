import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Plan } from "../../../src/core/Plan.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { State } from "../../../src/core/State.js";
import { LatentSubgoal } from "../../../src/planner/hierarchy/subgoals/LatentSubgoal.js";
import { SceneSubgoal } from "../../../src/planner/hierarchy/subgoals/SceneSubgoal.js";

const [K, H, S, dim, no, dt] = [4, 3, 2, 5, 2, 0.1];
const at = (stamp: number): State => ({
  stamp,
  q: new Float64Array(1),
  v: new Float64Array(1),
  objects: new Map(),
  bodies: [],
});
const rng = new Rng(7);
const draw = (length: number): number[] => Array.from({ length }, () => rng.normal());

/** A plan of 6 steps of 0.2 s that begins at 10 s. */
const above = {
  stamp: 10,
  dt: 0.2,
  H: 6,
  z: Float32Array.from(draw(7 * dim)),
  predicted: { ids: ["red", "blue"], positions: Float64Array.from(draw(7 * 3 * no)) },
} as unknown as Plan;
const rollouts = new Rollouts({ K, H, substeps: 1, dt, nu: 1, nq: 1, nc: 0, dim, no, S });
rollouts.z.set(draw(rollouts.z.length));
rollouts.objects.set(draw(rollouts.objects.length));

/** Plans of this level that begin then end 0.3 s later: the step of the plan above that is the first not before. */
const ENDS: readonly (readonly [stamp: number, step: number])[] = [
  [9, 0],
  [9.7, 0],
  [10, 2],
  [10.1, 2],
  [10.5, 4],
  [11, 6],
  [20, 6],
];

describe("subgoals of levels with a learned model", () => {
  it("latent: the mean square of spreads from the latent above, at the end of this level's horizon", () => {
    const std = [1, 2, 0.5, 1, 3];
    const cost = new LatentSubgoal(std);
    const out = new Float64Array(K);
    cost.evaluate(rollouts, out, K);
    assert.deepEqual([...out], [0, 0, 0, 0], "nothing is asked before a plan is there");
    for (const [stamp, step] of ENDS) {
      cost.aim(above, at(stamp));
      cost.evaluate(rollouts, out, K);
      for (let k = 0; k < K; k++) {
        const squares = [0, 1].flatMap((s) =>
          std.map((sigma, d) => {
            const z = rollouts.z[((k * S + s) * (H + 1) + H) * dim + d];
            return ((z - above.z[step * dim + d]) / sigma) ** 2;
          }),
        );
        assert.ok(Math.abs(out[k] - squares.reduce((a, b) => a + b) / squares.length) < 1e-9, `${stamp}, ${k}`);
      }
    }
  });

  it("scene: the square of 5 cm that objects are from where the plan above has them, the mean over the draws", () => {
    const cost = new SceneSubgoal();
    const out = new Float64Array(K);
    for (const [stamp, step] of ENDS) {
      cost.aim(above, at(stamp));
      cost.evaluate(rollouts, out, K);
      for (let k = 0; k < K; k++) {
        let sum = 0;
        for (let s = 0; s < S; s++)
          for (let i = 0; i < no; i++) {
            const p = rollouts.objects.subarray(((k * S + s) * (H + 1) + H) * 3 * no + 3 * i);
            const goal = above.predicted!.positions.subarray(step * 3 * no + 3 * i);
            sum += Math.hypot(p[0] - goal[0], p[1] - goal[1], p[2] - goal[2]) ** 2 / 0.05 ** 2;
          }
        assert.ok(Math.abs(out[k] - sum / S) < 1e-6 * sum, `${stamp}, ${k}`);
      }
    }
  });
});
