import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import rclnodejs from "rclnodejs";
import { controllerCheck } from "../../../../src/cli/doctorChecks.js";
import { ControllerCheck } from "../../../../src/adapters/ros/agent/ControllerCheck.js";
import { controllerFindings, type ControllerFinding } from "../../../../src/adapters/ros/agent/controllerFindings.js";

const joints = ["a", "b"];
const jazzy = { joints, interpolation_method: "splines", "speed_scaling.state_interface": "", cmd_timeout: 0 };
const breaking = (p: object): string[] =>
  controllerFindings({ ...jazzy, ...p }, joints)
    .filter((f) => f.breaks)
    .map((f) => f.words.split(" ")[0]);

test("a controller with the parameters that every release has by default passes, but for the one that splices", () => {
  assert.deepEqual(controllerFindings(jazzy, joints), []);
  assert.deepEqual(
    controllerFindings(
      { ...jazzy, joints: ["b", "a"], allow_trajectory_replacement: false, "positions_upsampling.enable": false },
      joints,
    ),
    [],
  );
  assert.deepEqual(controllerFindings({}, joints), [], "nothing is known of it");
  assert.deepEqual(breaking({ allow_trajectory_replacement: true, "positions_upsampling.enable": false }), [
    "allow_trajectory_replacement",
  ]);
  assert.deepEqual(breaking({ allow_trajectory_replacement: true }), []);
  assert.deepEqual(breaking({ interpolation_method: "none" }), ["interpolation_method"]);
  assert.deepEqual(breaking({ joints: ["a"] }), ["its"]);
  assert.equal(
    controllerFindings(
      {
        ...jazzy,
        "speed_scaling.state_interface": "speed_scaling/factor",
        cmd_timeout: 0.2,
        allow_trajectory_replacement: true,
      },
      joints,
    ).length,
    3,
  );
});

let nodes: rclnodejs.Node[] = [];
before(async () => {
  rclnodejs.removeSignalHandlers();
  await rclnodejs.init();
});
after(() => {
  for (const node of nodes) node.destroy();
  rclnodejs.shutdown();
});

test(
  "its parameters are read from its node, found beside its topic, " + "and told again when it comes anew with others",
  async () => {
    const { Parameter, ParameterType: T } = rclnodejs;
    const told: (readonly ControllerFinding[])[] = [],
      agent = new rclnodejs.Node("telos_check");
    const controller = (splices: boolean): rclnodejs.Node => {
      const node = new rclnodejs.Node("arm_controller", "left");
      const parameters = [
        new Parameter("joints", T.PARAMETER_STRING_ARRAY, joints),
        new Parameter("interpolation_method", T.PARAMETER_STRING, "splines"),
        new Parameter("cmd_timeout", T.PARAMETER_DOUBLE, 0),
        new Parameter("allow_trajectory_replacement", T.PARAMETER_BOOL, splices),
        new Parameter("positions_upsampling.enable", T.PARAMETER_BOOL, false),
      ];
      for (const p of parameters) node.declareParameter(p);
      node.spin();
      return node;
    };
    const check = new ControllerCheck(agent, "/left/arm_controller/joint_trajectory", joints, (f) => told.push(f));
    agent.spin();
    nodes = [agent, controller(true)];
    const until = async (what: () => boolean): Promise<void> => {
      for (let i = 0; i < 150 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await until(() => told.length > 0);
    assert.deepEqual(
      told.map((f) => f.map(({ breaks }) => breaks)),
      [[true]],
    );
    assert.deepEqual(check.parameters, {
      joints,
      interpolation_method: "splines",
      allow_trajectory_replacement: true,
      "positions_upsampling.enable": false,
      cmd_timeout: 0,
    });
    nodes[1].destroy();
    nodes[1] = controller(false);
    await until(() => told.length > 1);
    assert.deepEqual(told.slice(1), [[]]);
    check.destroy();
  },
);

test("the doctor reads the same parameters of the robot that it is told of, and finds the same", async () => {
  const { Parameter, ParameterType: T } = rclnodejs;
  const look = (robot: string): Promise<string> => controllerCheck(robot).run();
  await assert.rejects(look("no_such_robot"), /no_such_robot/);
  assert.match(await look("arm7"), /no controller at joint_trajectory_controller\/joint_trajectory offers parameters/);
  const names = Array.from({ length: 7 }, (_, j) => `joint${j + 1}`);
  for (const [splices, order] of [
    [false, names.toReversed()],
    [true, names],
    [false, names.slice(1)],
  ] as const) {
    const node = new rclnodejs.Node("joint_trajectory_controller");
    for (const p of [
      new Parameter("joints", T.PARAMETER_STRING_ARRAY, order),
      new Parameter("cmd_timeout", T.PARAMETER_DOUBLE, 0.5),
      new Parameter("allow_trajectory_replacement", T.PARAMETER_BOOL, splices),
      new Parameter("positions_upsampling.enable", T.PARAMETER_BOOL, false),
    ])
      node.declareParameter(p);
    node.spin();
    const expected = controllerFindings(
      { joints: order, cmd_timeout: 0.5, allow_trajectory_replacement: splices, "positions_upsampling.enable": false },
      names,
    )
      .map((f) => f.words)
      .join("; ");
    if (splices || order.length < 7) await assert.rejects(look("arm7"), { message: expected });
    else assert.match(await look("arm7"), new RegExp(`4 parameters read from .*; cmd_timeout is 0\\.5 s`));
    node.destroy();
  }
});
