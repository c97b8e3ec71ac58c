import assert from "node:assert/strict";
import { test } from "node:test";
import { paceAgent } from "../../../src/agent/setup/paceAgent.js";
import { loadAgentConfig } from "../../../src/agent/setup/AgentConfig.js";
import { loadRobotConfig } from "../../../src/config/index.js";
import { commandAction, commandTopic } from "../../../src/adapters/ros/commandTopic.js";

const robot = loadRobotConfig("arm7");
const agent = loadAgentConfig("default");
const byAction = { ...robot, controller: { ...robot.controller, interface: "action" as const } };

test(
  "an arm that is commanded by goals gets them at 20 Hz, " + "50 ms ahead; one with a topic at the agent's own pace",
  () => {
    assert.equal(paceAgent(agent, robot), agent);
    assert.deepEqual(paceAgent(agent, byAction), { ...agent, reflex: { period: 0.05, lead: 0.05 } });
    const slow = { ...agent, reflex: { period: 0.1, lead: 0.08 } };
    assert.deepEqual(paceAgent(slow, byAction).reflex, slow.reflex);
  },
);

test(
  "the action lies beside the topic unless it is named; " + "what goes as goals is told on the sender's own topic",
  () => {
    const { controller } = byAction;
    assert.equal(commandAction(controller), "joint_trajectory_controller/follow_joint_trajectory");
    assert.equal(commandAction({ ...controller, action: "arm/follow" }), "arm/follow");
    assert.equal(commandTopic(controller, "telos_guard"), "telos_guard/commands");
    assert.equal(commandTopic(robot.controller, "telos_guard"), "joint_trajectory_controller/joint_trajectory");
  },
);
