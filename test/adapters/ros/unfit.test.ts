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

const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(join(packageRoot(), "node_modules/rclnodejs/build/Release/rclnodejs.node"));

test(
  "a robot that waits for its URDF goes on waiting; one that does not fit what comes gives up, " +
    "at the file's line, where it was to bring itself up",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const folder = mkdtempSync(join(tmpdir(), "telos-unfit-")),
      robot = join(folder, "mine.yaml");
    writeFileSync(robot, "name: mine\njoints: [joint1, elbow]\n");
    const failures: string[] = [];
    const node = await AgentNode.create({
      ros: { command: [], rcl: [], rules: [] },
      defaults: { robot, description_timeout: 1, latch_folder: "" },
      load: loadSetup,
      start: async () => assert.fail("it cannot start"),
      onFailure: (why) => failures.push(why),
    });
    try {
      await new Promise((r) => setTimeout(r, 2500));
      assert.deepEqual([failures, node.node.state], [[], "unconfigured"], "a driver may come up long after us");
      const urdf = node.node.createPublisher("std_msgs/msg/String", "robot_description", { qos: qualities.latched() });
      urdf.publish(
        Buffer.from(encodeString(readFileSync(join(packageRoot(), "config", "robots", "arm7.urdf"), "utf8"))) as never,
      );
      for (const limit = Date.now() + 30_000; failures.length === 0; await new Promise((r) => setTimeout(r, 50)))
        assert.ok(Date.now() < limit);
      assert.match(
        failures[0],
        /mine\.yaml:2:18 joints\[1\]: URDF joints: got "elbow", want joints between base and tool: joint1, /,
      );
    } finally {
      await node.stop();
      rmSync(folder, { recursive: true });
      setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
    }
  },
);
