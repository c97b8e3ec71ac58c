import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentRuntime } from "../../src/agent/AgentRuntime.js";
import { loadSetup } from "../../src/agent/AgentSetup.js";
import { SharedClock } from "../../src/core/SharedClock.js";
import type { PlanReport } from "../../src/cli/PlanReport.js";
import { telos } from "./telos.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }), { home, limits, jointNames } = setup.arm;
const margin = setup.robot.limit_margin + setup.robot.tracking_error;
const beyond = (by: number): number[] => [...home].map((x, j) => (j === 6 ? limits.hi[6] + by : x));

/** What a task is, and where the arm stands; and how it begins what both say of it, "" if both take it. */
const cases: readonly (readonly [string, readonly number[], string])[] = [
  ["goal: [{ tool_pose: { position: [0.45, 0.2, 0.3] } }]", [...home], ""],
  ["goal: [{ joint_positions: { joint1: 0.5 } }]", beyond(0.5 * margin), ""], // a driver may tell of a joint a little beyond
  ["goal: [{ joint_positions: { joint1: 0.5 } }]", beyond(1.5 * margin), "got joint7 at"],
  ["goal: [{ joint_positions: { jiont1: 0.5 } }]", [...home], "goal[0].joint_positions.jiont1: got 'jiont1' (did you mean 'joint1'?), want a joint: joint1, "],
  ["goal: [{ tool_pose: { position: [0.45, 0.2, 0.3], tolerance: 2 kg } }]", [...home], "goal[0].tool_pose.tolerance: got '2 kg', want a length"],
  ["goal: [{ tool_pose: { position: [3, 0, 0.3] } }]", [...home], "out of reach: the tool comes no nearer to [3.000, 0.000, 0.300] m than"],
  ["goal: [{ tool_pose: { position: [0.45, 0.2, 0.3] } }]\nguardrails: [{ workspace: { center: [0, 0, 9], size: [40, 40, 40] } }]", [...home], "guardrails[0].workspace"],
];

test("telos plan takes what the agent takes, and refuses what it refuses in the same words", async () => {
  for (const [task, start, words] of cases) {
    const clock = SharedClock.system(), agent = await AgentRuntime.start(setup, { clock });
    let mode = "";
    agent.status.subscribe((s) => (mode = s.mode));
    const timer = setInterval(() => agent.observeJoints({ stamp: clock.now(), names: jointNames, positions: start, velocities: [] }), 10);
    let said: string, accepts: boolean;
    try {
      await agent.ready();
      for (const limit = Date.now() + 20_000; mode !== "active" && mode !== "stopping" && Date.now() < limit; await new Promise((r) => setTimeout(r, 50))) agent.activate();
      await new Promise((r) => setTimeout(r, 200));
      const { code, message } = await agent.accomplish(task, 4).result;
      [accepts, said] = [code === "TIMEOUT" || message === "stopped by tracking", message]; // it begins, though nothing moves here
    } finally {
      clearInterval(timer);
      await agent.dispose();
    }
    const { code, stdout, stderr } = await telos(["plan", "--json", "--scene", "table", "--agent", "default", "--task", task, "--start", start.join(",")]);
    const planned = stdout === "" ? stderr : (JSON.parse(stdout) as PlanReport).error;
    assert.deepEqual([accepts, code], words === "" ? [true, 0] : [false, 1], `${task}: the agent ${said}; the plan ${planned}`);
    if (!words.startsWith("got joint")) assert.ok(words === "" || planned.includes(said), `the agent ${said}; the plan ${planned}`);
    for (const told of [said, planned]) assert.ok(words === "" || told.includes(words), `got ${told}, want ${words}`);
  }
});
