import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentStatus, TaskFeedback } from "../../src/agent/AgentPort.js";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { postureMargins } from "../../src/agent/setup/postureMargins.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import { Kinematics } from "../../src/kinematics/index.js";

const TOLERANCE = 0.02; // m

/** Every number within x, with where it stands. */
function* numbers(x: unknown, place = ""): Generator<[string, number]> {
  if (typeof x === "number") yield [place, x];
  else if (typeof x === "object" && x !== null)
    for (const [key, y] of Object.entries(x)) yield* numbers(y, `${place}.${key}`);
}

test(
  "what the agent tells is what it says: no number is none, margins at rest are those of standing there, " +
    "what stopped it is told until it may move, energy is what is missing",
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
      { arm } = setup;
    const kinematics = new Kinematics(arm);
    kinematics.forward(arm.home, 0);
    const tool = [3, 7, 11].map((i) => kinematics.tool[i]),
      goal = [tool[0] - 0.05, tool[1] + 0.1, tool[2]];
    const away = `goal: [{ tool_pose: { position: [${goal.join(", ")}], tolerance: ${TOLERANCE} } }]`,
      here = `goal: [{ tool_pose: { position: [${tool.join(", ")}], tolerance: ${TOLERANCE} } }]\nhold: 0.1 s`;
    const clock = SharedClock.system(),
      agent = await AgentRuntime.start(setup, { clock });
    let status: AgentStatus | undefined,
      told = false;
    const wrong = new Set<string>();
    const look = (x: AgentStatus | TaskFeedback): void =>
      [...numbers(x)].forEach(([place, n]) => Number.isNaN(n) && wrong.add(place));
    agent.status.subscribe((s) => look((status = s)));
    const timer = setInterval(
      () =>
        told && agent.observeJoints({ stamp: clock.now(), names: arm.jointNames, positions: arm.home, velocities: [] }),
      10,
    );
    const until = async (what: string, condition: (s: AgentStatus) => boolean): Promise<void> => {
      for (
        const limit = performance.now() + 60_000;
        status === undefined || !condition(status);
        await new Promise((r) => setTimeout(r, 10))
      )
        assert.ok(performance.now() < limit, `${what}: never; ${JSON.stringify(status)}`);
    };
    try {
      await until("a status", () => true);
      assert.deepEqual(status!.margins, [], "nobody knows before the first joint states");
      told = true;
      const task = readTask(here, setup, []),
        stand = {
          stamp: 0,
          q: arm.home,
          v: new Float64Array(arm.nq),
          objects: new Map(),
          bodies: [],
        };
      assert.ok("spec" in task);
      const expected = postureMargins(setup, task.spec, stand, arm.home);
      assert.ok(expected.filter((m) => m.value > 0 && m.value < Infinity).length >= 2);
      const standing = (s: AgentStatus): boolean =>
        s.margins.length === expected.length &&
        s.margins.every(
          (m, i) =>
            m.name === expected[i].name &&
            (m.value === expected[i].value || Math.abs(m.value - expected[i].value) < 1e-6),
        );
      await until(`margins ${JSON.stringify(expected)}`, standing);
      await agent.ready();
      agent.activate();
      await until("active", (s) => s.mode === "active" && s.stoppedBy === "" && standing(s));
      told = false;
      await until("its joints are missed", (s) => s.mode === "stopping" && s.stoppedBy === "stale_joint_states");
      told = true;
      await until("active again, by nothing stopped", (s) => s.mode === "active" && s.stoppedBy === "");
      const refused = await agent.accomplish("goal: [{ nonsense: 1 }]", 0).result;
      assert.deepEqual([refused.code, refused.energy], ["INVALID_TASK", 0]);
      const done = await agent.accomplish(here, 20).result;
      assert.deepEqual([done.success, done.energy], [true, 0], done.message);
      const handle = agent.accomplish(away, 0.4); // the arm that we tell of stands still: not done
      handle.feedback.subscribe(look);
      const { success, energy } = await handle.result;
      assert.deepEqual(
        [success, Math.abs(energy - (Math.hypot(0.05, 0.1) / TOLERANCE - 1)) < 1e-6],
        [false, true],
        `energy ${energy}`,
      );
      assert.deepEqual([...wrong], []);
    } finally {
      clearInterval(timer);
      await agent.dispose();
    }
  },
);
