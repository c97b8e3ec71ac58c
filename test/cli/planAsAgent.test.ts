import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import type { PlanReport } from "../../src/cli/PlanReport.js";
import { telos } from "./telos.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
  { home, limits, jointNames } = setup.arm;
const margin = setup.robot.limit_margin.turning + setup.robot.tracking_error.turning;
const atHome = [...home];
const beyond = (by: number): number[] => [...home].map((x, j) => (j === 6 ? limits.hi[6] + by : x));

/** What a task is, and where the arm stands; and how it begins what both say of it, "" if both take it. */
const cases: readonly (readonly [string, readonly number[], string])[] = [
  ["goal: [{ tool_pose: { position: [0.45, 0.2, 0.3] } }]", atHome, ""],
  // a driver may tell of a joint a little beyond
  ["goal: [{ joint_positions: { joint1: 0.5 } }]", beyond(0.5 * margin), ""],
  ["goal: [{ joint_positions: { joint1: 0.5 } }]", beyond(1.5 * margin), "got joint7 at"],
  [
    "goal: [{ joint_positions: { jiont1: 0.5 } }]",
    atHome,
    "goal[0].joint_positions.jiont1: got 'jiont1' (did you mean 'joint1'?), want a joint: joint1, ",
  ],
  [
    "goal: [{ tool_pose: { position: [0.45, 0.2, 0.3], tolerance: 2 kg } }]",
    atHome,
    "goal[0].tool_pose.tolerance: got '2 kg', want a length",
  ],
  [
    "goal: [{ tool_pose: { position: [3, 0, 0.3] } }]",
    atHome,
    "out of reach: the tool comes no nearer to [3.000, 0.000, 0.300] m than",
  ],
  [
    "goal: [{ tool_pose: { position: [0.45, 0.2, 0.3] } }]\n" +
      "guardrails: [{ workspace: { center: [0, 0, 9], size: [40, 40, 40] } }]",
    atHome,
    "guardrails[0].workspace",
  ],
];

/**
 * What the agent says of tasks one after the other, its arm standing at `start`: whether it takes each, and in what
 * words it does not.
 */
async function agentSays(start: readonly number[], tasks: readonly string[]): Promise<[boolean, string][]> {
  const clock = SharedClock.system(),
    agent = await AgentRuntime.start(setup, { clock });
  let mode = "";
  agent.status.subscribe((s) => (mode = s.mode));
  const timer = setInterval(
    () => agent.observeJoints({ stamp: clock.now(), names: jointNames, positions: start, velocities: [] }),
    10,
  );
  try {
    await agent.ready();
    for (
      const limit = Date.now() + 20_000;
      mode !== "active" && mode !== "stopping" && Date.now() < limit;
      await new Promise((r) => setTimeout(r, 50))
    )
      agent.activate();
    await new Promise((r) => setTimeout(r, 200));
    const said: [boolean, string][] = [];
    for (const task of tasks) {
      const { code, message } = await agent.accomplish(task, 20).result;
      // it begins, though nothing moves here
      said.push([code === "TIMEOUT" || /^stopped by (tracking|moved)$/.test(message), message]);
    }
    return said;
  } finally {
    clearInterval(timer);
    await agent.dispose();
  }
}

test("telos plan takes what the agent takes, and refuses what it refuses in the same words", async () => {
  const plans = cases.map(([task, start]) =>
    telos(["plan", "--json", "--scene", "table", "--agent", "default", "--task", task, "--start", start.join(",")]),
  );
  const said = new Map<string, [boolean, string]>();
  for (const start of new Set(cases.map((c) => c[1]))) {
    const tasks = cases
      .filter((c) => c[1] === start)
      .sort((a, b) => Number(a[2] === "") - Number(b[2] === ""))
      .map((c) => c[0]); // what is taken ends latched, as the arm stands
    (await agentSays(start, tasks)).forEach((answer, i) => said.set(JSON.stringify([tasks[i], start]), answer));
  }
  for (const [i, [task, start, words]] of cases.entries()) {
    const [accepts, told] = said.get(JSON.stringify([task, start]))!,
      { code, stdout, stderr } = await plans[i];
    const planned = stdout === "" ? stderr : (JSON.parse(stdout) as PlanReport).error,
      both = `${task}: the agent ${told}; the plan ${planned}`;
    assert.deepEqual([accepts, code], words === "" ? [true, 0] : [false, 1], both.replaceAll("\n", " "));
    if (words !== "") assert.ok(told.includes(words) && planned.includes(words), `${both}; want ${words}`);
    if (words !== "" && !words.startsWith("got joint")) assert.ok(planned.includes(told), both);
  }
});
