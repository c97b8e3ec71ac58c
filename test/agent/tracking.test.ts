import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startOf } from "../../src/agent/startOf.js";
import { loadAgentConfig, parseAgent } from "../../src/agent/setup/AgentConfig.js";
import { parseYaml } from "../../src/config/index.js";
import type { State } from "../../src/core/State.js";
import { InProcess } from "./inProcess.js";
import { restingState } from "../../src/core/restingState.js";

const GOALS = [
  [0.45, -0.3, 0.5],
  [0.6, 0, 0.2],
];
const task = (goal: readonly number[]): string =>
  `goal: [{ tool_pose: { position: [${goal.map((x) => `${x} m`).join(", ")}], tolerance: 1 mm } }]\nhold: 0.3 s\n`;

describe("an arm that gives way under a load that nobody told it of", () => {
  const reach = async (
    agent: string,
    goal: readonly number[],
  ): Promise<{ done: number | undefined; error: number }> => {
    const run = await InProcess.create({ scene: "sagging", agent, task: task(goal) });
    const done = await run.run(3);
    const { position } = run.simulation.tool();
    run.simulation.dispose();
    assert.deepEqual(run.contacts, []);
    return { done, error: Math.hypot(...position.map((x, c) => x - goal[c])) };
  };

  for (const goal of GOALS)
    it(
      `comes to (${goal.join(", ")}) m within 1 mm where its lowest level plans with how it follows, ` +
        "and stays off by more than 2 mm where not",
      async () => {
        const [known, unknown] = [await reach("tracking", goal), await reach("default", goal)];
        assert.ok(known.done !== undefined && known.error < 1e-3, `${known.error} m off`);
        assert.ok(unknown.done === undefined && unknown.error > 2e-3, `${unknown.error} m off`);
      },
    );
});

describe("where plans begin", () => {
  const commanded: State = restingState(Float64Array.of(1, 2), 1);
  const deviation = Float64Array.of(0.1, -0.2);

  it("for an agent without a model of how the arm follows: what is commanded, at every level", () => {
    for (const index of [0, 1])
      assert.equal(startOf(commanded, loadAgentConfig("default"), index, deviation), commanded);
  });

  it(
    "with one: the lowest level what is commanded and how far the arm is from it, " + "those above where the arm is",
    () => {
      const agent = loadAgentConfig("tracking");
      const [upper, lower] = [0, 1].map((index) => startOf(commanded, agent, index, deviation));
      assert.deepEqual([...upper.q], [1.1, 1.8]);
      assert.equal(upper.deviation, undefined);
      assert.deepEqual(
        [[...lower.q], [...lower.deviation!]],
        [
          [1, 2],
          [0.1, -0.2],
        ],
      );
      assert.notEqual(lower.deviation, deviation);
    },
  );

  it("such a model is the lowest level's alone: elsewhere it is refused at its place", () => {
    const level = (name: string, more = ""): string =>
      `  - { name: ${name}, model: joint_velocity, dt: 0.1 s, horizon: 4, period: 0.1 s, search: { method: cem ` +
      `}${more} }`;
    const text = `name: x\nlevels:\n${level("upper", ", tracking: sagging")}\n${level("lower")}\n`;
    assert.throws(
      () => parseAgent(parseYaml(text, "x.yaml")),
      /x\.yaml:3:\d+ levels\[0\]\.tracking: got it above the lowest level, want it at the lowest level only/,
    );
  });
});
