import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { ConfigError, configNames, length, loadSceneConfig, thingOf } from "../../src/config/index.js";
import {
  BindError,
  bindCosts,
  bindTask,
  costs,
  createCost,
  createGoal,
  goalGroups,
  goals,
  loadTask,
} from "../../src/cost/index.js";
import type { BindContext } from "../../src/cost/index.js";
import { defaultAgent } from "../../src/cli/defaultAgent.js";
import { defaultScene } from "../../src/cli/defaultScene.js";
import { limitsOf } from "./oracleArm.js";

const agent: BindContext = {
  jointNames: ["joint1", "joint2", "joint3", "joint4", "joint5", "joint6", "joint7"],
  objects: ["puck", "mark"],
  predicted: [],
};
const guardrails = { tool_height: z.strictObject({ min: length() }) };

const list = [...goals.names, ...goalGroups.names].join(", ");

/** What is wrong, the task with ▸ at the place to be named, the error's class and what follows the place. */
const faults: readonly (readonly [what: string, text: string, name: string, message: string])[] = [
  ["no goal", "▸name: t\n", "ConfigError", " goal: got nothing, want a list"],
  ["an empty goal", "goal: ▸[]\n", "ConfigError", " goal: got 0 items, want at least 1 items"],
  [
    "a misspelt goal",
    "goal: [{ ▸tol_pose: {} }]\n",
    "ConfigError",
    ` goal[0]: got key 'tol_pose' (did you mean 'tool_pose'?), want one of: ${list}`,
  ],
  [
    "a goal that asks nothing",
    "goal: [{ tool_pose: ▸{} }]\n",
    "ConfigError",
    " goal[0].tool_pose: got a map, want at least one of: position, orientation, pointing",
  ],
  [
    "two requests that contradict",
    "goal: [{ tool_pose: ▸{ pointing: [0, 0, 1], orientation: [0, 0, 0, 1] } }]\n",
    "ConfigError",
    " goal[0].tool_pose: got a map, want orientation or pointing, not both",
  ],
  [
    "no direction",
    "goal: [{ tool_pose: { pointing: ▸[0, 0, 0] } }]\n",
    "ConfigError",
    " goal[0].tool_pose.pointing: got a list of 3, want a direction that is not zero",
  ],
  [
    "a unit of another kind",
    "goal: [{ tool_pose: { position: [0, ▸3 kg, 0] } }]\n",
    "ConfigError",
    " goal[0].tool_pose.position[1]: got '3 kg', want a length ('2 cm' or a number in m)",
  ],
  [
    "a tolerance of nothing",
    "goal: [{ tool_pose: { position: [0, 0, 0], tolerance: ▸0 cm } }]\n",
    "ConfigError",
    " goal[0].tool_pose.tolerance: got '0 cm', want more than 0 (m)",
  ],
  [
    "a hold below zero",
    "goal: [{ expression: norm(tool) }]\nhold: ▸-1 s\n",
    "ConfigError",
    " hold: got '-1 s', want at least 0 (s)",
  ],
  [
    "a misspelt weight",
    "goal: [{ expression: norm(tool) }]\ncosts: [{ effort: {}, ▸wieght: 1 }]\n",
    "ConfigError",
    ` costs[0]: got key 'wieght' (did you mean 'weight'?), want one of: weight, ${list}, ` +
      `${costs.names.join(", ")}`,
  ],
  [
    "an expression that would import",
    'goal: [{ expression: ▸"import(x)" }]\n',
    "ConfigError",
    " goal[0].expression: got the function 'import' at column 1, want one of: norm, dot, abs, min, max, sqrt, exp, " +
      "log, sin, cos, tan, atan2, square",
  ],
  [
    "an unknown guardrail",
    "goal: [{ expression: norm(tool) }]\nguardrails: [{ ▸tool_hight: { min: 1 cm } }]\n",
    "ConfigError",
    " guardrails[0]: got key 'tool_hight' (did you mean 'tool_height'?), want one of: tool_height",
  ],
  [
    "a guardrail's own fault",
    "goal: [{ expression: norm(tool) }]\nguardrails: [{ tool_height: { min: ▸1 s } }]\n",
    "ConfigError",
    " guardrails[0].tool_height.min: got '1 s', want a length ('2 cm' or a number in m)",
  ],
  [
    "an unknown joint",
    "goal: [{ joint_positions: { joint9: ▸1 deg } }]\n",
    "BindError",
    " goal[0].joint_positions.joint9: got 'joint9' (did you mean 'joint1'?), want a joint: joint1, joint2, joint3, " +
      "joint4, joint5, joint6, joint7",
  ],
  [
    "too few joints",
    "goal: [{ joint_positions: ▸[0, 0] }]\n",
    "BindError",
    " goal[0].joint_positions: got 2 angles, want 7, one for each joint",
  ],
  [
    "a joint's wrong unit",
    "goal: [{ joint_positions: [0, ▸2 kg] }]\n",
    "ConfigError",
    " goal[0].joint_positions[1]: got '2 kg', want an angle ('15 deg' or a number in rad; of a sliding joint in m)",
  ],
  [
    "an unknown object",
    'goal: [{ expression: ▸"norm(tool - pucc)" }]\n',
    "UnknownObjectError",
    " goal[0].expression: got 'pucc' (did you mean 'puck'?), want a known object: puck, mark",
  ],
  [
    "an unknown object to keep away from",
    "goal: [{ expression: norm(tool) }]\ncosts: [{ keep_away: { from: ▸cup, distance: 1 cm } }]\n",
    "UnknownObjectError",
    " costs[0].keep_away.from: got 'cup', want a known object: puck, mark",
  ],
  [
    "an object that nothing moves",
    "goal: [{ object_at: ▸{ object: puck, position: [1 m, 2 m] } }]\n",
    "CapabilityError",
    " goal[0].object_at: no world model of this agent predicts how objects move",
  ],
  [
    "a relation of an unknown object",
    "goal: [{ relation: { on: [puck, ▸marc] } }]\n",
    "UnknownObjectError",
    " goal[0].relation.on[1]: got 'marc' (did you mean 'mark'?), want a known object: puck, mark",
  ],
  [
    "two relations",
    "goal: [{ relation: ▸{ on: [puck, mark], in: [puck, mark] } }]\n",
    "ConfigError",
    " goal[0].relation: got a map, want exactly one of: on, in, beside, left_of, right_of, in_front_of, behind, " +
      "stacked",
  ],
  [
    "a region without a shape",
    "goal: [{ region: { object: puck, in: ▸{} } }]\n",
    "ConfigError",
    " goal[0].region.in: got no shape, want one of: box, sphere, capsule, cylinder, half_space",
  ],
  [
    "an image nobody predicts",
    "goal: [{ goal_image: ▸{ path: a.png } }]\n",
    "CapabilityError",
    " goal[0].goal_image: no world model of this agent predicts images",
  ],
  [
    "an expression's dimensions",
    'goal: [{ expression: ▸"norm(tool) + q[1]" }]\n',
    "ExpressionError",
    " goal[0].expression: got m and rad in a sum, want one dimension",
  ],
  [
    "a tolerance of another dimension",
    "goal: [{ expression: ▸{ value: norm(tool), tolerance: 1 s } }]\n",
    "ExpressionError",
    " goal[0].expression: got a tolerance in s for an expression in m, want the same unit",
  ],
  [
    "no tolerance where none is usual",
    "goal: [{ expression: ▸norm(tool)^2 }]\n",
    "ExpressionError",
    " goal[0].expression: got no tolerance for an expression in m^2, want { value, tolerance }",
  ],
];

for (const [what, marked, name, message] of faults) {
  test(`${what}: told at its place`, () => {
    const before = marked.split("▸")[0].split("\n");
    assert.throws(
      () => bindTask(loadTask(marked.replace("▸", ""), guardrails), agent),
      (error: Error) => {
        assert.equal(
          error.message.split("\n")[0],
          `<task goal>:${before.length}:${before.at(-1)!.length + 1}${message}`,
        );
        assert.equal(error.name, name);
        return true;
      },
    );
  });
}

test("a tolerance of a hundred thousand digits is refused at once", () => {
  const start = performance.now();
  assert.throws(
    () => loadTask(`goal: [{ expression: { value: norm(tool), tolerance: "${"1".repeat(100_000)}\\n" } }]\n`),
    /want a tolerance above zero/,
  );
  assert.ok(performance.now() - start < 1_000);
});

test("the contract's task is well formed", () => {
  const text = `name: put_puck_on_mark
goal:
  - object_at: { object: puck, position: [0.45 m, 0.10 m], tolerance: 2 cm }
hold: 0.5 s
timeout: 60 s
costs:
  - expression: "norm(tool - puck)"
    weight: 0.2
guardrails:
  - tool_height: { min: 5 cm }
`;
  const spec = bindTask(loadTask(text, guardrails), { ...agent, predicted: ["puck", "mark"] });
  assert.equal(spec.timeout, 60);
  assert.deepEqual(spec.goal[0], {
    kind: "object_at",
    spec: { object: "puck", position: [0.45, 0.1], tolerance: 0.02 },
  });
  assert.equal(spec.costs[0].weight, 0.2);
  assert.deepEqual(spec.guardrails, [{ kind: "tool_height", config: { min: 0.05 } }]);
});

const sighted = {
  objects: ["puck", "mark", "red", "blue", "green"],
  predicted: ["red", "blue", "green"],
  images: { camera: "camera", width: 64, height: 64 },
};

test("every task that ships binds to the arm and survives the way to a worker", () => {
  for (const name of configNames("tasks")) {
    const { fixed, objects } = loadSceneConfig(defaultScene(name));
    const world =
      defaultAgent(name) === "hands"
        ? { hand: true, things: objects.map(thingOf), fixedThings: fixed.map(thingOf) }
        : sighted;
    const spec = structuredClone(bindTask(loadTask(name, guardrailSchemas), { ...agent, ...world }));
    assert.equal(spec.name, name);
    const context = { nq: 7, limits: limitsOf(7) };
    for (const goal of spec.goal) assert.ok(createGoal(goal, context).dim > 0);
    for (const cost of spec.costs) createCost(cost, context);
  }
});

test("a level's terms are named by their weights; a misspelt one is told", () => {
  assert.deepEqual(bindCosts({ effort: 0.1 }, agent), [{ kind: "effort", weight: 0.1, spec: {} }]);
  assert.throws(
    () => bindCosts({ efort: 1 }, agent),
    (error) =>
      error instanceof BindError &&
      error.message.startsWith("got the cost 'efort' (did you mean 'effort'?), want one of: effort, smoothness"),
  );
  assert.throws(() => bindCosts({ keep_away: 1 }, agent), BindError);
});

test("2,000 mutated tasks are bound or refused by ConfigError or BindError, nothing else", () => {
  const rng = new Rng(31);
  const whole = faults.map(([, text]) => text.replace("▸", ""));
  const splinters = [
    "[",
    "]",
    "{",
    "}",
    "expression: ",
    '"',
    "norm(",
    "^",
    "tool",
    " 2 cm",
    "-",
    ":",
    "\n",
    "  ",
    "null",
    ".nan",
    "puck",
    "import(",
    "weight: 1",
    "__proto__: 1",
  ];
  for (let i = 0; i < 2_000; i++) {
    let text = whole[i % whole.length];
    for (let n = 1 + (rng.bits() % 3); n > 0; n--) {
      const at = rng.bits() % text.length;
      text = text.slice(0, at) + splinters[rng.bits() % splinters.length] + text.slice(at + (rng.bits() % 6));
    }
    try {
      bindTask(loadTask(`${text}\n`, guardrails), agent);
    } catch (error) {
      assert.ok(
        error instanceof ConfigError || error instanceof BindError,
        `${(error as Error).stack}\n--- from:\n${text}`,
      );
    }
  }
});
