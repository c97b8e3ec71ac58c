import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { ConfigError, parseRobot, parseYaml } from "../../src/config/index.js";
import { loadTask } from "../../src/cost/index.js";
import { guardrailSchemas, type GuardrailSpec } from "../../src/guardrails/index.js";
import { requireTighter } from "../../src/guardrails/requireTighter.js";

const robot = parseRobot(
  parseYaml(
    `name: strict
workspace: { box: { center: [0, 0, 0.5], size: [2 m, 2 m, 1 m] } }
guardrails:
  tool_tilt: { max: 30 deg }
  spill: { max: 20 deg }
  payload: { mass: 2 kg }
  contact: { force: 40 N }`,
    "strict.yaml",
  ),
);
const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const task = (guardrail: string): string =>
  `name: t\ngoal:\n  - joint_positions: [0, 0, 0, 0, 0, 0, 0]\nguardrails:\n  - ${guardrail}\n`;
const check = (guardrail: string, of = robot): void => {
  const { config, document } = loadTask(task(guardrail), guardrailSchemas);
  requireTighter(config.guardrails as GuardrailSpec[], of, arm, ["table", "wall"], document);
};

test("what is tighter than the robot's own, or as tight, is taken", () => {
  for (const g of [
    "tool_tilt: { max: 30 deg }",
    "tool_tilt: { max: 5 deg, direction: [0, 1, 0] }",
    "spill: { max: 10 deg }",
    "limits: { velocity: 0.5 rad/s, acceleration: 11 rad/s^2, jerk: 1000 rad/s^3 }",
    "payload: { mass: 0.5 kg, com: [0, 0, 5 cm] }",
    "workspace: { box: { center: [0, 0, 0.5], size: [1 m, 1 m, 1 m] } }",
    "contact: { bodies: [table], force: 20 N }",
    "keep_out: { half_space: { normal: [0, 0, 1], offset: 0.1 m } }",
    "keep_out: { capsule: { p0: [0, 0, 0], p1: [0, 0, 1], radius: 0.1 } }",
  ])
    check(g);
});

test("what is looser is an error at its place that names both values", () => {
  const cases: [string, RegExp][] = [
    [
      "tool_tilt: { max: 45 deg }",
      /<task goal>:5:\d+ guardrails\[0\]\.tool_tilt\.max: got 0.785398 rad, want at most strict's 0.523599 rad/,
    ],
    ["spill: { max: 25 deg }", /spill\.max: got 0.436332 rad, want at most strict's 0.349066 rad/],
    ["limits: { acceleration: 13 rad/s^2 }", /limits\.acceleration: got 13 rad\/s², want at most strict's 12 rad\/s²/],
    ["limits: { velocity: 9 rad/s }", /limits\.velocity: got 9 rad\/s, want at most strict's [\d.]+ rad\/s/],
    ["payload: { mass: 3 kg }", /payload\.mass: got 3 kg, want at most strict's 2 kg/],
    ["payload: { mass: 1 kg, reserve: 0.03 }", /reserve: got 0.03, want at least strict's 0.05/],
    [
      "workspace: { box: { center: [0.5, 0, 0.5], size: [2 m, 1 m, 1 m] } }",
      /workspace\.box: got x from -0.5 to 1.5 m, want it within strict's -1 to 1 m/,
    ],
    ["contact: { bodies: [table], force: 50 N }", /contact\.force: got 50 N, want at most strict's 40 N/],
    ["contact: { bodies: [tabel], force: 20 N }", /got 'tabel', want fixed geometry of the scene: table, wall/],
  ];
  for (const [g, message] of cases)
    assert.throws(
      () => check(g),
      (e) =>
        e instanceof ConfigError && message.test(e.message) ? true : assert.fail(`${g}: ${(e as Error).message}`),
    );
});

test("where the robot declares no contact, none may be asked for", () => {
  const silent = parseRobot(parseYaml("name: silent", "silent.yaml"));
  assert.throws(
    () => check("contact: { bodies: [table], force: 1 N }", silent),
    /got a contact of 1 N, want none: silent declares no guardrails.contact.force, so 0 N/,
  );
  check("tool_tilt: { max: 170 deg }", silent);
});

test("bad numbers in a guardrail are located errors as anywhere", () => {
  for (const g of [
    "spill: { max: 100 deg }",
    "payload: { mass: -1 kg }",
    "contact: { bodies: [], force: 1 N }",
    "tool_tilt: { max: 10 deg, direction: [0, 0, 0] }",
    "payload: { mass: .nan }",
  ])
    assert.throws(
      () => check(g),
      (e) => e instanceof ConfigError && /<task goal>:\d+:\d+ /.test(e.message),
      g,
    );
});

test(
  "what a robot and a task declare becomes the list of guardrails; " +
    "what may be touched is no keep-out any more, the rest stays one",
  () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });
    const own = { ...setup, robot: { ...setup.robot, workspace: robot.workspace, guardrails: robot.guardrails } };
    const specs = loadTask(
      task(
        "contact: { bodies: [table], force: 20 N }\n  - payload: { mass: 1 kg }\n" +
          "  - keep_out: { sphere: { center: [1, 1, 1], radius: 0.1 } }",
      ),
      guardrailSchemas,
    ).config.guardrails as GuardrailSpec[];
    assert.deepEqual(
      buildGuardrails(setup).map((g) => g.name),
      ["self_collision", "separation", "fixed_geometry", "torque"],
    );
    assert.deepEqual(
      buildGuardrails(own).map((g) => g.name),
      ["self_collision", "separation", "fixed_geometry", "workspace", "tool_tilt", "spill", "torque"],
    );
    assert.deepEqual(
      buildGuardrails(own, specs).map((g) => g.name),
      [
        "self_collision",
        "separation",
        "fixed_geometry",
        "workspace",
        "tool_tilt",
        "spill",
        "contact",
        "keep_out",
        "torque",
      ],
    );
    const people = {
      ...setup.agent.guardrails,
      person: {
        ...setup.agent.guardrails.person,
        mode: "power_and_force" as const,
        regions: { hand: "hand" as const },
      },
    };
    assert.equal(
      buildGuardrails({ ...setup, agent: { ...setup.agent, guardrails: people } })[1].name,
      "power_and_force",
    );
  },
);
