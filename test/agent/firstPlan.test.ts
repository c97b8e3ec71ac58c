import assert from "node:assert/strict";
import { deserialize } from "node:v8";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import type { Decision } from "../../src/agent/task/Decision.js";
import { PlannerThread } from "../../src/runtime/threads/PlannerThread.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { replayDecisions } from "../../src/agent/replayDecisions.js";
import type { Plan } from "../../src/core/Plan.js";
import { monotonic, SharedClock } from "../../src/core/time/SharedClock.js";
import { SharedVector } from "../../src/core/threads/SharedVector.js";

const PACE = 0.1; // simulated seconds a second, so that a busy machine is fast enough

type Planned = Decision & { readonly kind: "plan" };

/**
 * What the true planning threads decide for a task, one under the other, while nothing that they plan is followed: the
 * arm rests at home.
 */
async function decide(scene: string, name: string, plans: readonly number[]): Promise<Decision[]> {
  const setup = loadSetup({ robot: "arm7", agent: "default", scene });
  const task = readTask(name, setup, []);
  assert.ok("spec" in task);
  const clock = new SharedClock();
  clock.set(1, monotonic(), PACE);
  const { nq, home } = setup.arm;
  const commanded = new SharedVector(2 + 2 * nq);
  commanded.write(Float64Array.of(clock.now(), 0, ...home, ...new Float64Array(nq)));
  const shared = {
    clock: clock.buffer,
    measured: new SharedVector(1 + 2 * nq).buffer,
    commanded: commanded.buffer,
    claim: new SharedArrayBuffer(4),
  };
  const decisions: Decision[] = [];
  let threads: PlannerThread[] = [];
  await new Promise<void>((resolve, reject) => {
    const listener = {
      planned: (index: number, generation: number, plan: Plan) =>
        threads[index + 1]?.post({ kind: "above", generation, plan }),
      failed: (_i: number, _g: number, why: string) => reject(new Error(why)),
      decided: (bytes: Uint8Array) => {
        decisions.push(deserialize(bytes) as Decision);
        if (plans.every((count, level) => of(decisions, level).length >= count)) resolve();
      },
    };
    threads = setup.agent.levels.map(
      (_, index) =>
        new PlannerThread(
          { setup, shared, deviation: new SharedVector(nq).buffer, index, record: true },
          Infinity,
          listener,
        ),
    );
    void Promise.all(threads.map((t) => t.started())).then(
      () => threads.forEach((t) => t.post({ kind: "task", generation: 1, task: task.spec, seed: 1 })),
      reject,
    );
  });
  await Promise.all(threads.map((t) => t.end()));
  return decisions;
}

const of = (decisions: readonly Decision[], level: number): Planned[] =>
  decisions.filter((d) => d.kind === "plan" && d.index === level) as Planned[];

/** A joint path at constant acceleration between its knots, s after its beginning. */
function after({ q, v, nq, dt, substeps }: Plan, s: number): { q: number[]; v: number[] } {
  const knot = dt / substeps,
    i = Math.floor(s / knot),
    u = s / knot - i;
  const along = (x: Float64Array, f: (x0: number, x1: number, v0: number, v1: number) => number): number[] =>
    Array.from({ length: nq }, (_, j) => f(x[i * nq + j], x[(i + 1) * nq + j], v[i * nq + j], v[(i + 1) * nq + j]));
  return {
    q: along(q, (x0, _x1, v0, v1) => x0 + knot * (u * v0 + 0.5 * u * u * (v1 - v0))),
    v: along(v, (v0, v1) => v0 + u * (v1 - v0)),
  };
}

test(
  "the arm sets out on the best proposal while both levels still search, and goes on from there",
  { timeout: 60_000 },
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
    const { lead, period } = setup.agent.reflex;
    const decisions = await decide("table", "reach", [2, 3]);
    const [top, motion] = [of(decisions, 0), of(decisions, 1)];
    for (const [first, second] of [top, motion]) {
      assert.ok(first.plan.feasible && first.plan.iterations === 0 && first.warm === undefined, "nothing was searched");
      assert.ok(first.plan.rollouts < 16);
      assert.deepEqual(second.warm?.q, first.plan.q);
    }
    assert.ok(top[1].plan.iterations > 0);
    assert.ok(top[1].plan.energy <= top[0].plan.energy, "from the same place the search does no worse");
    assert.deepEqual(motion[0].above?.q, top[0].plan.q);
    assert.ok(motion[0].from.stamp - motion[0].clock[0] < lead + period + 0.01, "as soon as the reflex can take it");

    const { plan } = motion[0],
      then = after(plan, motion[1].from.stamp - plan.stamp);
    assert.ok(then.v.some((v) => Math.abs(v) > 0.01));
    for (let j = 0; j < plan.nq; j++)
      assert.ok(Math.abs(motion[1].from.q[j] - then.q[j]) < 1e-9 && Math.abs(motion[1].from.v[j] - then.v[j]) < 1e-9);
    assert.deepEqual(
      [motion[2].from.q, motion[2].from.v],
      [setup.arm.home, new Float64Array(plan.nq)],
      "a plan that went on from one never followed leads nowhere",
    );

    const differences: unknown[] = [];
    await replayDecisions(decisions, (d) => differences.push(d));
    assert.deepEqual(differences, []);
  },
);

test(
  "where no proposal keeps the guardrails nothing is told before all has been searched",
  { timeout: 60_000 },
  async () => {
    const [first] = of(
      await decide("table", "goal: [{ tool_pose: { position: [0.5 m, 0 m, -0.1 m], tolerance: 1 cm } }]", [1]),
      0,
    ); // in the table
    assert.ok(first.plan.rollouts > 100, `${first.plan.rollouts} rollouts`);
  },
);
