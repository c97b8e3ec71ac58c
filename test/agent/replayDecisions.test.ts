import assert from "node:assert/strict";
import { deserialize } from "node:v8";
import { before, test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import type { Decision } from "../../src/agent/task/Decision.js";
import { replayDecisions, type Difference } from "../../src/agent/replayDecisions.js";
import { PlannerThread } from "../../src/runtime/threads/PlannerThread.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import type { Plan } from "../../src/core/Plan.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import { SharedVector } from "../../src/core/threads/SharedVector.js";

/**
 * What the true planning threads decided for a task, one under the other, with the arm at rest at home. The clock is
 * the machine's: deadlines cut as they fall.
 */
const decisions: Decision[] = [];
const ends: (() => Promise<unknown>)[] = [];

before(
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "tracking", scene: "table" });
    const task = readTask("reach", setup, []);
    assert.ok("spec" in task);
    const clock = SharedClock.system();
    const { nq, home } = setup.arm;
    const commanded = new SharedVector(2 + 2 * nq),
      measured = new SharedVector(1 + 2 * nq);
    commanded.write(Float64Array.of(clock.now(), 0, ...home, ...new Float64Array(nq)));
    const shared = {
      clock: clock.buffer,
      measured: measured.buffer,
      commanded: commanded.buffer,
      claim: new SharedArrayBuffer(4),
    };
    const enough = (): boolean => plansIn(decisions).filter((d) => d.index === 1).length >= 6;
    await new Promise<void>((resolve, reject) => {
      const listener = {
        planned: (index: number, generation: number, plan: Plan) =>
          threads[index + 1]?.post({ kind: "above", generation, plan }),
        failed: (_i: number, _g: number, why: string) => reject(new Error(why)),
        decided: (bytes: Uint8Array) => {
          decisions.push(deserialize(bytes) as Decision);
          if (enough()) resolve();
        },
      };
      const threads = setup.agent.levels.map(
        (_, index) =>
          new PlannerThread(
            { setup, shared, deviation: new SharedVector(setup.arm.nq).buffer, index, record: true },
            Infinity,
            listener,
          ),
      );
      void Promise.all(threads.map((t) => t.started())).then(() =>
        threads.forEach((t) => t.post({ kind: "task", generation: 1, task: task.spec, seed: 1 })),
      );
      ends.push(() => Promise.all(threads.map((t) => t.end())));
    });
    await Promise.all(ends.map((end) => end()));
  },
  { timeout: 100_000 },
);
const plansIn = (list: readonly Decision[]) => list.filter((d) => d.kind === "plan");

async function replay(list: readonly Decision[]): Promise<{ differences: Difference[]; plans: number }> {
  const differences: Difference[] = [];
  const levels = await replayDecisions(list, (d) => differences.push(d));
  return { differences, plans: levels.reduce((sum, l) => sum + l.plans, 0) };
}

test(
  "every plan that the planning threads made and recorded, " + "made again, is the same bit for bit, times and all",
  async () => {
    const { differences, plans } = await replay(decisions);
    assert.deepEqual(differences, []);
    assert.ok(plans >= 7 && plans === plansIn(decisions).length, `${plans} plans`);
    assert.deepEqual(new Set(plansIn(decisions).map((d) => d.plan.level)), new Set(["subgoal", "motion"]));
  },
);

test("a recording in which one bit of one plan was changed is told by level, plan and place", async () => {
  const at = decisions.findIndex((d) => d.kind === "plan" && d.index === 1);
  const spoilt = decisions.map((d, i) =>
    i === at && d.kind === "plan"
      ? { ...d, plan: { ...d.plan, q: d.plan.q.map((x, k) => (k === 9 ? x + 2 ** -50 : x)) } }
      : d,
  );
  const { differences } = await replay(spoilt);
  assert.deepEqual(
    differences.map(({ level, number, field }) => ({ level, number, field })),
    [{ level: "motion", number: 0, field: "q[9]" }],
  );
});

test("another start makes another plan: the replay does not repeat what it was told", async () => {
  const other = decisions.map((d): Decision =>
    d.kind === "plan" && d.index === 0 ? { ...d, from: { ...d.from, q: d.from.q.map((x) => x + 1e-9) } } : d,
  );
  const { differences } = await replay(other);
  assert.equal(differences.length, decisions.filter((d) => d.kind === "plan" && d.index === 0).length);
  assert.ok(differences.every((d) => d.level === "subgoal"));
});

test("a recording without its beginning is refused", async () => {
  await assert.rejects(replay(plansIn(decisions)), /before its task/);
});
