import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import type { State } from "../../../src/core/State.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { loadModel, ModelError, type LearnedModel } from "../../../src/worldmodel/learned/onnx/index.js";
import { JointDisplacement } from "../../../src/worldmodel/analytic/JointDisplacement.js";
import { Learned } from "../../../src/worldmodel/learned/Learned.js";
import { arm as armOf } from "../../guardrails/setups.js";
import { modelFolder } from "./onnx/models.js";

const arm = armOf("arm7");
const sweep = new Sweep(arm);
const H = 5;
const D = 8;
const kinematic = (): JointDisplacement => new JointDisplacement(arm.limits, sweep, 0.4, 3, 0.02);
const rollouts = (K: number, h = H, S = 1): Rollouts =>
  new Rollouts({ K, H: h, substeps: 3, dt: 0.4, nu: 7, nq: 7, nc: sweep.nc, dim: D, no: 2, S, quasistatic: true });

function state(rng: Rng, q = arm.home): State & Required<Pick<State, "percept">> {
  return {
    stamp: 1,
    q: arm.home,
    v: new Float64Array(7),
    percept: { z: Float32Array.from({ length: D }, () => rng.normal()), q },
    objects: new Map(),
    bodies: [],
  };
}
const draw = (r: Rollouts, rng: Rng): void => {
  for (let i = 0; i < r.a.length; i++) r.a[i] = rng.range(-0.3, 0.3);
};
const near = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) <= tolerance, `${i}: ${a[i]} and ${b[i]}`);
};

describe("Learned", () => {
  let tiny: LearnedModel;
  let noisy: LearnedModel;
  before(
    async () => ([tiny, noisy] = await Promise.all([loadModel(modelFolder("tiny")), loadModel(modelFolder("noisy"))])),
  );

  it("leaves all that guardrails look at as the kinematic model has it, bit for bit", async () => {
    const rng = new Rng(1);
    const [a, b] = [rollouts(20), rollouts(20)];
    draw(a, rng);
    b.a.set(a.a);
    const from = state(rng);
    await new Learned(kinematic(), tiny, arm).predict(from, a, 20);
    kinematic().predict(from, b, 20);
    for (const key of ["q", "v", "tool", "capsules", "radius", "thickness", "exposure"] as const)
      assert.deepEqual(a[key], b[key], key);
    assert.equal(a.from, from);
  });

  it("within reach of what moves an object goes as the graph says; until then it stays, bit for bit", async () => {
    const rng = new Rng(6),
      K = 40,
      S = 2,
      from = state(rng),
      free = rollouts(K, H, S),
      held = rollouts(K, H, S);
    const predict = async (r: Rollouts, reach?: number): Promise<Float64Array> => {
      draw(r, new Rng(7));
      await new Learned(kinematic(), noisy, arm, { samples: S, reach }).predict(from, r, K);
      return r.objects.slice();
    };
    const said = await predict(free);
    const place = (p: Float64Array, row: number, h: number, i: number): number[] => [
      ...p.subarray(6 * ((H + 1) * row + h) + 3 * i, 6 * ((H + 1) * row + h) + 3 * i + 3),
    ];
    assert.deepEqual(await predict(held, 100), said);
    let stayed = 0,
      went = 0;
    for (const reach of [0.3, 0.6, 0.9]) {
      const p = await predict(held, reach);
      for (let row = 0; row < K * S; row++)
        for (let i = 0; i < 2; i++)
          for (let h = 1, moves = false; h <= H; h++) {
            const goes = (o: number): boolean => place(p, row, h, o).join() === place(said, row, h, o).join();
            const [x, y] = place(p, row, h - 1, i),
              t = 12 * (Math.floor(row / S) * held.N + 3 * h);
            const way = Array.from({ length: 201 }, (_, n) =>
              Math.hypot(
                ...[3, 7].map(
                  (c) =>
                    held.tool[t - 36 + c] + (n / 200) * (held.tool[t + c] - held.tool[t - 36 + c]) - (c === 3 ? x : y),
                ),
              ),
            );
            if (goes(i)) assert.ok(moves || Math.min(...way) < reach || goes(1 - i), "nothing was near");
            else {
              assert.ok(!moves && Math.min(...way) > reach - 1e-3);
              assert.deepEqual(place(p, row, h, i), place(p, row, h - 1, i));
            }
            moves = goes(i);
            if (moves) went++;
            else stayed++;
          }
    }
    assert.ok(stayed > 50 && went > 50, `${stayed} stayed, ${went} went`);
  });

  it(
    "begins every rollout with the state's own latent, " +
      "and is the graph's answer to the features of the kinematic path",
    async () => {
      const rng = new Rng(2);
      const K = 13;
      const r = rollouts(K);
      draw(r, rng);
      const from = state(rng);
      await new Learned(kinematic(), tiny, arm).predict(from, r, K);
      const kin = new Kinematics(arm);
      const u = new Float32Array(K * (H + 1) * 17);
      for (let k = 0; k < K; k++)
        for (let h = 0; h <= H; h++) {
          const q = r.q.subarray((k * r.N + 3 * h) * 7, (k * r.N + 3 * h + 1) * 7);
          kin.forward(q, 0);
          u.set(
            [kin.tool[3], kin.tool[7], kin.tool[11], ...q.map(Math.sin), ...q.map(Math.cos)],
            (k * (H + 1) + h) * 17,
          );
          if (h === 0) near(r.z.subarray(k * (H + 1) * D, k * (H + 1) * D + D), from.percept.z, 0);
        }
      const out = {
        z: new Float32Array(r.z.length),
        objects: new Float32Array(r.objects.length),
        spread: new Float32Array(r.spread.length),
      };
      await tiny.predictor.bind({ z0: from.percept.z, u }, out, K)(K);
      near(r.z, out.z, 1e-6);
      near(r.objects, out.objects, 1e-6);
      near(r.spread, out.spread, 1e-6);
    },
  );

  it(
    "bridges the image's age by the way gone since: " + "what was seen moves with the tool from where it was then",
    async () => {
      const rng = new Rng(3);
      const then = arm.home.map((x) => x + rng.range(-0.2, 0.2));
      const r = rollouts(4);
      draw(r, rng);
      const from = state(rng, then);
      await new Learned(kinematic(), tiny, arm).predict(from, r, 4);
      const kin = new Kinematics(arm);
      kin.forward(then, 0);
      for (let k = 0; k < 4; k++)
        for (let h = 1; h <= H; h++)
          for (let c = 0; c < 3; c++) {
            const i = (k * (H + 1) + h) * 6 + c;
            const start = k * (H + 1) * 6 + c;
            const moved = r.tool[(k * r.N + 3 * h) * 12 + 4 * c + 3] - kin.tool[4 * c + 3];
            // ± 0.1 m · 0.02 · tanh a step, by its making
            assert.ok(Math.abs(r.objects[i] - r.objects[start] - 0.5 * moved) < 0.002 * h + 1e-6);
          }
    },
  );

  it("a shorter horizon sees the beginning of the longer one's future", async () => {
    const rng = new Rng(4);
    const [long, short] = [rollouts(6), rollouts(6, 3)];
    draw(long, rng);
    for (let k = 0; k < 6; k++) short.a.set(long.a.subarray(k * H * 7, (k * H + 3) * 7), k * 21);
    const from = state(rng);
    await new Learned(kinematic(), tiny, arm).predict(from, long, 6);
    await new Learned(kinematic(), tiny, arm).predict(from, short, 6);
    for (let k = 0; k < 6; k++)
      near(short.z.subarray(k * 4 * D, (k + 1) * 4 * D), long.z.subarray(k * 6 * D, (k * 6 + 4) * D), 1e-6);
  });

  it(
    "draws what is left to chance once for all rollouts of a search, " + "anew for the next, and by the seed alone",
    async () => {
      const rng = new Rng(5);
      const S = 3;
      const r = rollouts(4, H, S);
      draw(r, rng);
      r.a.copyWithin(2 * H * 7, 0, H * 7); // the third sequence is the first
      const from = state(rng);
      const model = new Learned(kinematic(), noisy, arm, { samples: S });
      const rows = S * (H + 1) * D;
      const predict = async (seed: number): Promise<Float32Array> => {
        model.draw(new Rng(seed));
        await model.predict(from, r, 4);
        return r.z.slice();
      };
      const a = await predict(7);
      assert.deepEqual(a.subarray(0, rows), a.subarray(2 * rows, 3 * rows));
      assert.notDeepEqual(a.subarray(0, rows / S), a.subarray(rows / S, (2 * rows) / S));
      assert.notDeepEqual(await predict(8), a);
      assert.deepEqual(await predict(7), a);
      assert.equal(new Learned(kinematic(), tiny, arm, { samples: S }).samples, 1); // nothing is left to chance
    },
  );

  it("refuses what it was not made for", async () => {
    const rng = new Rng(6);
    const wrong = (change: object): LearnedModel => ({ ...tiny, manifest: { ...tiny.manifest, ...change } });
    const throws = (make: () => unknown, reason: RegExp): void =>
      assert.throws(make, (e) => e instanceof ModelError && reason.test(e.message));
    throws(
      () => new Learned(kinematic(), wrong({ joints: arm.jointNames.toReversed() }), arm),
      /joints: got joint7.*want joint1/,
    );
    throws(() => new Learned(kinematic(), wrong({ dt: 0.5 }), arm), /dt: got 0\.5 s, want 0\.4 s/);
    const model = new Learned(kinematic(), tiny, arm);
    await assert.rejects(
      model.predict({ ...state(rng), percept: undefined }, rollouts(1), 1),
      /got a state with 0 latents, want 8: no image/,
    );
    await assert.rejects(model.predict(state(rng), rollouts(1, 6), 1), /horizon: got 5, want at least 6/);
    await assert.rejects(
      model.predict(state(rng), rollouts(1, 5, 2), 1),
      /rollouts: got 8 latents, 2 objects, 2 draws/,
    );
  });
});
