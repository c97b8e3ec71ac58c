import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import rclnodejs from "rclnodejs";
import { encodeClock } from "../../../../src/adapters/ros/cdr/Clock.js";
import { encodeJointState } from "../../../../src/adapters/ros/cdr/JointState.js";
import { fromSeconds } from "../../../../src/adapters/ros/cdr/Stamp.js";
import { ManagedNode } from "../../../../src/adapters/ros/ManagedNode.js";
import { SimTimeEvidence } from "../../../../src/adapters/ros/agent/SimTimeEvidence.js";

const root = new URL("../../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));

test(
  "whose time it is, the arm's own joint states tell, and not a gripper's that are stamped 0 beside somebody's /clock",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    await rclnodejs.init();
    const nodes = ["simulator", "driver", "gripper"].map((name) => new rclnodejs.Node(name));
    const clock = nodes[0].createPublisher("rosgraph_msgs/msg/Clock", "/clock"),
      [driver, gripper] = [1, 2].map((i) => nodes[i].createPublisher("sensor_msgs/msg/JointState", "joint_states"));
    const node = new ManagedNode("asks");
    const evidence = new SimTimeEvidence(node, ["joint1"]);
    node.spin();
    const send = (publisher: unknown, bytes: Uint8Array): void =>
      (publisher as { publish(m: unknown): void }).publish(Buffer.from(bytes));
    const joints = (name: string, stamp: number): Uint8Array =>
      encodeJointState({
        header: { stamp: fromSeconds(stamp), frameId: "" },
        name: [name],
        position: [0],
        velocity: [],
        effort: [],
      });
    const verdicts = async (n: number, tell: () => void): Promise<Set<unknown>> => {
      const said = new Set<unknown>();
      for (let i = 0; i < n || said.size === 0; i++) {
        assert.ok(i < 3000);
        send(clock, encodeClock(fromSeconds(12)));
        tell();
        await new Promise((r) => setTimeout(r, 10));
        const verdict = evidence.verdict();
        if (verdict !== undefined) said.add(verdict);
      }
      return said;
    };
    try {
      await new Promise((r) => setTimeout(r, 1000)); // until they know each other
      const own = (): void => send(driver, joints("joint1", Date.now() / 1e3)),
        other = (): void => send(gripper, joints("finger", 0));
      assert.deepEqual(await verdicts(100, () => (own(), other(), other())), new Set(["system"]));
    } finally {
      evidence.destroy();
      node.closed = true;
      for (const n of [node, ...nodes]) n.destroy();
      rclnodejs.shutdown();
      setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
    }
  },
);
