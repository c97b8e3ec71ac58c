import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize } from "node:v8";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import type { Decision } from "../../src/agent/task/Decision.js";
import { PlannerThread } from "../../src/runtime/threads/PlannerThread.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import type { Plan } from "../../src/core/Plan.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import { SharedVector } from "../../src/core/threads/SharedVector.js";
import { golden, modelFolder } from "../worldmodel/learned/onnx/models.js";
import { learnedAgent } from "../agent/learned.js";

const SPEED = 0.1; // rad/s of the first joint along the plan followed

test(
  "a level that looks plans from where the lowest level's plan will have led the arm by then, not one of another task",
  { timeout: 60_000 },
  async (t) => {
    const setup = loadSetup({ robot: "arm7", agent: learnedAgent("tiny"), scene: "pucks" }),
      { nq, home } = setup.arm;
    const task = readTask("goal: [{ object_at: { object: red, position: [0.5 m, 0 m] } }]", setup, []);
    assert.ok("spec" in task);
    const clock = SharedClock.system(),
      began = clock.now();
    const commanded = new SharedVector(2 + 2 * nq),
      still = new Float64Array(nq),
      moving = still.with(0, SPEED);
    commanded.write(Float64Array.of(began, 1, ...home, ...still)); // stamp, following, q, v
    const shared = {
      clock: clock.buffer,
      measured: new SharedVector(1 + 2 * nq).buffer,
      commanded: commanded.buffer,
      claim: new SharedArrayBuffer(4),
    };
    const q = Float64Array.from([...home, ...home]);
    q[nq] += 60 * SPEED;
    const plan: Plan = {
      level: "motion",
      stamp: began,
      dt: 60,
      H: 1,
      substeps: 1,
      nu: nq,
      nq,
      q,
      v: Float64Array.from([...moving, ...moving]),
      a: new Float32Array(nq),
      z: new Float32Array(0),
      energy: 0,
      energies: {},
      feasible: true,
      iterations: 0,
      rollouts: 0,
      time: 0,
    };
    let next: (d: Decision & { kind: "plan" }) => void;
    const level = new PlannerThread(
      { setup, shared, deviation: new SharedVector(nq).buffer, index: 0, record: true },
      Infinity,
      {
        planned: () => undefined,
        failed: (_i, _g, why) => assert.fail(why),
        decided: (bytes) => {
          const decision = deserialize(bytes) as Decision;
          if (decision.kind === "plan") next(decision);
        },
      },
    );
    t.after(() => level.end());
    await level.started();
    level.post({
      kind: "percept",
      stamp: began,
      z: golden(modelFolder("tiny")).encoder.outputs.z.slice(0, 8),
      q: home,
    });
    for (const [generation, of, speed] of [
      [1, 1, SPEED],
      [2, 1, 0],
    ] as const) {
      const decided = new Promise<Decision & { kind: "plan" }>((resolve) => (next = resolve));
      level.post({ kind: "task", generation, task: task.spec, seed: 1 });
      level.post({ kind: "followed", generation: of, plan });
      const first = await decided; // may have been begun before it was told
      const second = await new Promise<Decision & { kind: "plan" }>((resolve) => (next = resolve));
      assert.ok(second.from.stamp > first.from.stamp);
      second.from.q.forEach((x, j) =>
        assert.ok(
          Math.abs(x - home[j] - (j === 0 ? speed * (second.from.stamp - began) : 0)) < 1e-9,
          `joint ${j + 1}: ${x}`,
        ),
      );
    }
  },
);
