import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { controllersYaml } from "../../src/cli/controllersYaml.js";
import { configNames, loadRobotConfig, resolveConfig } from "../../src/config/index.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { handOf, handUrdf } from "../kinematics/gripper/hands.js";
import { parse } from "yaml";

/**
 * What the makers state, from which a configuration may only keep away: lower and upper, rad; velocity, rad/s; effort,
 * N·m. Joint by joint.
 */
const deg = Math.PI / 180;
const makers: Record<string, readonly (readonly [number, number, number, number])[]> = {
  ur5e: [150, 150, 150, 28, 28, 28].map((effort, i) => [
    i === 2 ? -Math.PI : -2 * Math.PI,
    i === 2 ? Math.PI : 2 * Math.PI,
    Math.PI,
    effort,
  ]),
  fr3: [
    [-2.7437, 2.7437, 2.62, 87],
    [-1.7837, 1.7837, 2.62, 87],
    [-2.9007, 2.9007, 2.62, 87],
    [-3.0421, -0.1518, 2.62, 87],
    [-2.8065, 2.8065, 5.26, 12],
    [0.5445, 4.5169, 4.18, 12],
    [-3.0159, 3.0159, 5.26, 12],
  ],
  xarm7: [
    [-360, 360, 50],
    [-118, 120, 50],
    [-360, 360, 30],
    [-11, 225, 30],
    [-360, 360, 30],
    [-97, 180, 20],
    [-360, 360, 20],
  ].map(([lo, hi, effort]) => [lo * deg, hi * deg, Math.PI, effort]),
  gen3: [
    [-2 * Math.PI, 2 * Math.PI],
    [-1.4, 1.4],
    [-2 * Math.PI, 2 * Math.PI],
    [-2.58, 2.58],
    [-2 * Math.PI, 2 * Math.PI],
    [-2.1, 2.1],
    [-2 * Math.PI, 2 * Math.PI],
  ].map(([lo, hi], i) => [lo, hi, i < 4 ? 1.3963 : 1.2218, i < 4 ? 39 : 9]),
};

// the same arms with a hand
for (const [name, arm] of [
  ["ur5e_2f85", "ur5e"],
  ["gen3_2f85", "gen3"],
  ["xarm7_gripper", "xarm7"],
])
  makers[name] = makers[arm];

/**
 * A chain of cylinders with an arm's own names and its maker's limits, in place of the description that its driver
 * would publish.
 */
function standIn(name: string): string {
  const { base, tool, joints } = loadRobotConfig(name);
  const link = (l: string): string =>
    `<link name="${l}"><collision><origin xyz="0 0 0.1"/><geometry><cylinder radius="0.04" ` +
    `length="0.12"/></geometry></collision></link>`;
  const links = [base!, ...joints!.slice(1).map((j) => `after_${j}`), "last", tool!];
  const chain = joints!.map((j, i) => {
    const [lower, upper, velocity, effort] = makers[name][i];
    const axis = i % 2 === 0 ? "0 0 1" : "0 1 0";
    return (
      `<joint name="${j}" type="revolute"><origin xyz="0 0 0.2"/><parent link="${links[i]}"/><child ` +
      `link="${links[i + 1]}"/><axis xyz="${axis}"/><limit lower="${lower}" upper="${upper}" velocity="${velocity}" ` +
      `effort="${effort}"/></joint>`
    );
  });
  return (
    `<robot name="${name}">${links.map(link).join("")}${chain.join("")}<joint name="flange" ` +
    `type="fixed"><parent link="last"/><child link="${tool}"/></joint>` +
    `${name in handOf ? handUrdf(handOf[name], "last") : ""}</robot>`
  );
}

const names = configNames("robots");
const described = names.filter((name) => loadRobotConfig(name).urdf === undefined);

test("arms whose description comes from their drivers are those whose makers' limits are known here", () =>
  assert.deepEqual(described, Object.keys(makers).sort()));

for (const name of described) {
  test(`${name}: names its sources, and asks of every joint no more than its maker allows`, () => {
    const text = readFileSync(resolveConfig("robots", name), "utf8");
    assert.match(text, /^# Sources: .{40,}/m);
    assert.match(text, /^# Tried .*not on the arm/m);
    const robot = loadRobotConfig(name);
    assert.deepEqual(Object.keys(robot.limits.joints), robot.joints);
    robot.joints!.forEach((joint, i) => {
      const { lower, upper, velocity, effort } = robot.limits.joints[joint];
      const [lo, hi, v, tau] = makers[name][i];
      assert.ok(lower! >= lo && upper! <= hi && velocity! <= v + 1e-12 && effort! <= tau, joint);
      assert.ok(
        robot.home![i] > lower! + robot.tracking_error.turning &&
          robot.home![i] < upper! - robot.tracking_error.turning,
        `${joint}: home is at the limit`,
      );
    });
  });

  test(`${name}: with a description of its joints it makes an agent, limits, home and all`, () => {
    const robot = loadRobotConfig(name);
    const { arm } = loadSetup({ robot: name, agent: "default", urdf: standIn(name) });
    assert.deepEqual(
      [arm.jointNames, arm.base, arm.tool, [...arm.home]],
      [robot.joints, robot.base, robot.tool, robot.home],
    );
    robot.joints!.forEach((joint, i) => {
      const { lower, upper, velocity } = robot.limits.joints[joint];
      assert.deepEqual(
        [arm.limits.lo[i], arm.limits.hi[i], arm.limits.velocity[i], arm.limits.acceleration[i]],
        [
          lower! + robot.tracking_error.turning,
          upper! - robot.tracking_error.turning,
          velocity! * robot.limits.velocity_scale,
          robot.limits.acceleration.turning,
        ],
      );
    });
  });
}

for (const name of names) {
  test(
    `${name}: its ros2_control parameters name its joints, ` + "and what the agent's stream of trajectories needs",
    () => {
      const robot = loadRobotConfig(name);
      const urdf = parseUrdf(robot.urdf === undefined ? standIn(name) : readFileSync(robot.urdf, "utf8"));
      const arm = armFromUrdf(urdf, armOptions(robot));
      const parameters = parse(controllersYaml(robot, arm, { simTime: false, gazebo: false }));
      const [controller, topic] = robot.controller.topic.split("/");
      const own = parameters[controller].ros__parameters;
      assert.equal(topic, "joint_trajectory");
      assert.deepEqual(own.joints, arm.jointNames);
      assert.deepEqual(
        [
          own.interpolate_from_desired_state,
          own.allow_trajectory_replacement,
          own.allow_nonzero_velocity_at_trajectory_end,
          own.cmd_timeout,
        ],
        [true, false, false, 0],
      );
      assert.ok(controller in parameters.controller_manager.ros__parameters);
      const trajectories = robot.gripper?.controller.interface === "joint_trajectory";
      assert.deepEqual(
        parameters.gripper_controller?.ros__parameters.joints,
        trajectories ? robot.gripper!.joints : undefined,
      );
    },
  );
}
