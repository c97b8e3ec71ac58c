import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { State } from "../../src/core/State.js";
import { startState } from "../../src/reflex/startState.js";
import { PathSubgoal } from "../../src/planner/hierarchy/subgoals/PathSubgoal.js";
import { TimedPath } from "../../src/planner/TimedPath.js";
import { WarmProposer } from "../../src/planner/proposals/WarmProposer.js";
import { arm as armOf } from "../guardrails/setups.js";

const { limits, nq } = armOf("arm7");
const [H, substeps, dt] = [4, 2, 0.4];

/** A slow way that waits now and then, as a plan that pushes may. */
function plan(rng: Rng, timed: boolean): Plan {
  const q = new Float64Array((H * substeps + 1) * nq);
  for (let n = 1; n <= H * substeps; n++)
    for (let j = 0; j < nq; j++) q[n * nq + j] = q[(n - 1) * nq + j] + (n % 3 === 0 ? 0 : rng.range(-0.02, 0.02));
  return {
    level: "world",
    stamp: 10,
    dt,
    H,
    substeps,
    nu: 3,
    nq,
    a: new Float32Array(H * 3),
    q,
    v: new Float64Array(q.length),
    z: new Float32Array(0),
    timed,
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 1,
    rollouts: 1,
    time: 0,
  };
}

describe("a plan that is to be gone on its own time", () => {
  it("is where it says at each of its knots, waits included; another is gone as fast as the arm can", () => {
    const rng = new Rng(1);
    for (let i = 0; i < 50; i++) {
      const timed = plan(rng, true);
      const path = new TimedPath(timed, limits);
      assert.ok(Math.abs(path.duration - H * dt) < 1e-9);
      const q = new Float64Array(nq);
      for (let n = 0; n <= H * substeps; n++) {
        path.sample((n * dt) / substeps, q, 0);
        for (let j = 0; j < nq; j++) assert.ok(Math.abs(q[j] - timed.q[n * nq + j]) < 1e-9);
      }
      assert.ok(new TimedPath({ ...timed, timed: false }, limits).duration < 0.5 * path.duration);
    }
  });

  it("never asks for more speed than a joint has", () => {
    const fast = plan(new Rng(2), true);
    for (let i = 0; i < fast.q.length; i++) fast.q[i] *= 100;
    const path = new TimedPath(fast, limits);
    const [a, b] = [new Float64Array(nq), new Float64Array(nq)];
    for (let t = 0; t < path.duration; t += 0.01) {
      path.sample(t, a, 0);
      path.sample(t + 0.01, b, 0);
      for (let j = 0; j < nq; j++) assert.ok(Math.abs(b[j] - a[j]) <= limits.velocity[j] * 0.01 * (1 + 1e-6));
    }
  });

  it(
    "is followed from the point that its clock has come to: " + "to be there costs nothing, to be ahead or behind does",
    () => {
      const upper = plan(new Rng(3), true);
      const cost = new PathSubgoal(limits);
      const path = new TimedPath(upper, limits);
      const r = new Rollouts({ K: 3, H: 5, substeps: 1, dt: 0.1, nu: nq, nq, nc: 0 });
      for (const since of [0, 0.3, 0.65]) {
        const from = new Float64Array(nq);
        path.sample(since, from, 0);
        cost.aim(upper, { stamp: upper.stamp + since, q: from, v: from, objects: new Map(), bodies: [] });
        for (const [k, lag] of [0, 0.2, -0.2].entries())
          for (let h = 0; h <= 5; h++) path.sample(since + lag + 0.1 * h, r.q, (k * 6 + h) * nq);
        const out = new Float64Array(3);
        cost.evaluate(r, out, 3);
        assert.ok(out[0] < 1e-9 && out[1] > 1e-3 && out[2] > 1e-3, `${out}`);
      }
    },
  );

  it("a new plan begins where the old one will be, as far off it as the arm is now", () => {
    const rng = new Rng(4);
    const old = plan(rng, true);
    const path = new TimedPath(old, limits);
    const [now, then, q, v] = [0, 1, 2, 3].map(() => new Float64Array(nq));
    path.sample(0.25, now, 0);
    path.sample(0.7, then, 0);
    const off = now.map(() => rng.range(-0.01, 0.01));
    startState(
      q,
      v,
      { stamp: old.stamp + 0.25, following: true, q: now.map((x, j) => x + off[j]), v: new Float64Array(nq) },
      old,
      limits,
      old.stamp + 0.7,
    );
    for (let j = 0; j < nq; j++) assert.ok(Math.abs(q[j] - then[j] - off[j]) < 1e-9);
  });

  it("proposes to go on with the last plan, or to stay", () => {
    const old = plan(new Rng(5), true);
    const from = { stamp: old.stamp + dt, q: old.q.slice(2 * nq, 3 * nq) } as unknown as State;
    const proposer = new WarmProposer(H, dt);
    const request = { above: undefined, rng: new Rng(1), expired: () => false };
    const [on, stay] = proposer.propose(from, { ...request, warm: old, round: 0 })!;
    for (let h = 0; h <= H; h++)
      for (let j = 0; j < nq; j++) {
        assert.ok(Math.abs(on[h * nq + j] - old.q[Math.min(h + 1, H) * substeps * nq + j]) < 1e-9);
        assert.equal(stay[h * nq + j], from.q[j]);
      }
    assert.equal(proposer.propose(from, { ...request, warm: undefined, round: 0 })!.length, 1);
    assert.equal(proposer.propose(from, { ...request, warm: old, round: 1 }), undefined);
  });
});
