import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { packageRoot } from "../../../src/config/index.js";
import { AgentNode } from "../../../src/adapters/ros/agent/AgentNode.js";
import { encodeString } from "../../../src/adapters/ros/cdr/StringMessage.js";
import { qualities } from "../../../src/adapters/ros/qualities.js";
import { FakeAgent } from "./FakeAgent.js";

const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(join(packageRoot(), "node_modules/rclnodejs/build/Release/rclnodejs.node"));
const sleep = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));

test(
  "whoever configures an agent that knows no URDF has it configured once one comes, " +
    "however late; a shutdown ends the wait",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const folder = mkdtempSync(join(tmpdir(), "telos-late-")),
      robot = join(folder, "mine.yaml");
    writeFileSync(robot, "name: mine\n");
    const agent = await AgentNode.create({
      ros: { command: [], rcl: [], rules: [] },
      defaults: { robot, autostart: false, latch_folder: "" }, // as launch starts it
      load: loadSetup,
      start: async ({ arm }, { clock }) => new FakeAgent(arm.jointNames, clock, () => undefined),
    });
    const { node } = agent;
    try {
      let answered = false;
      const configured = node.change("configure").finally(() => (answered = true));
      await sleep(1500);
      assert.deepEqual([answered, node.state], [false, "unconfigured"]);
      const publisher = node.createPublisher("std_msgs/msg/String", "robot_description", { qos: qualities.latched() });
      publisher.publish(
        Buffer.from(encodeString(readFileSync(join(packageRoot(), "config", "robots", "arm7.urdf"), "utf8"))) as never,
      );
      assert.deepEqual([await configured, node.state], [true, "inactive"]);
      assert.ok(await node.change("cleanup"));
      node.destroyPublisher(publisher);
      const again = node.change("configure");
      await sleep(300);
      const began = Date.now();
      assert.deepEqual([await node.change("shutdown"), await again, node.state], [true, false, "finalized"]);
      assert.ok(Date.now() - began < 5000, "it did not wait on");
    } finally {
      await agent.stop();
      rmSync(folder, { recursive: true });
      setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
    }
  },
);
