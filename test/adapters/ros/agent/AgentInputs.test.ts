import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import rclnodejs from "rclnodejs";
import type { AgentPort, JointSample } from "../../../../src/agent/AgentPort.js";
import { Rng } from "../../../../src/core/math/Rng.js";
import { AgentInputs } from "../../../../src/adapters/ros/agent/AgentInputs.js";
import { encodeJointState } from "../../../../src/adapters/ros/cdr/JointState.js";
import { fromSeconds } from "../../../../src/adapters/ros/cdr/Stamp.js";
import { Frames } from "../../../../src/adapters/ros/agent/Frames.js";
import { ManagedNode } from "../../../../src/adapters/ros/ManagedNode.js";
import { qualities } from "../../../../src/adapters/ros/qualities.js";

const root = new URL("../../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));

test(
  "beside another's joint states at 1 kHz, ten of which come between two looks, the arm's own at 100 Hz all come",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const jointNames = ["joint1", "joint2"];
    const ours: JointSample[] = [];
    const port = {
      jointNames,
      observeJoints: (m: JointSample) => m.names.includes("joint1") && ours.push(m),
    } as unknown as AgentPort;
    await rclnodejs.init();
    const node = new ManagedNode("inputs");
    const witnessed: number[] = [];
    const inputs = new AgentInputs(
      node,
      port,
      { now: () => Date.now() / 1e3 },
      { cameras: [], frames: new Frames("base", {}), forces: false, witness: (stamp) => witnessed.push(stamp) },
    );
    node.spin();
    const publishers = [0, 1].map(() =>
      node.createPublisher("sensor_msgs/msg/JointState", "joint_states", { qos: qualities.reliable(10) }),
    );
    const publish = (publisher: number, bytes: Uint8Array): void =>
      publishers[publisher].publish(Buffer.from(bytes) as never);
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const finger = encodeJointState({
      header: { stamp: fromSeconds(0), frameId: "" },
      name: ["finger"],
      position: [0.01],
      velocity: [NaN],
      effort: [],
    }); // stamped 0, as some drivers of grippers do
    try {
      for (let i = 0; i < 500 && inputs.counts.get("joint_states")!.others === 0; i++)
        (publish(1, finger), await sleep(10)); // until they know each other
      let sent = 0;
      for (const rng = new Rng(2); sent < 200; await sleep(10)) {
        const turn = rng.bits() % 11; // in which of ten milliseconds ours is told
        for (let i = 0; i < 11; i++)
          publish(
            i === turn ? 0 : 1,
            i === turn
              ? encodeJointState({
                  header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" },
                  name: jointNames,
                  position: [0, 0],
                  velocity: [],
                  effort: [],
                })
              : finger,
          );
        sent++;
      }
      for (let i = 0; i < 200 && ours.length < sent; i++) await sleep(10);
      const { messages, others, malformed } = inputs.counts.get("joint_states")!;
      assert.deepEqual([ours.length, messages, malformed], [sent, sent, 0], `beside ${others} of another's`);
      assert.ok(others > 5 * sent, `${others} of another's`);
      assert.ok(ours.every((m, i) => i === 0 || m.stamp > ours[i - 1].stamp));
      assert.ok(
        witnessed.length === messages && Math.abs(inputs.skew) < 10,
        "another's stamps tell nothing of the arm's clock",
      );
    } finally {
      inputs.destroy();
      node.closed = true;
      node.destroy();
      rclnodejs.shutdown();
    }
  },
);

test(
  "of two who tell of the arm's joints the later is skipped and named, without a gap in the first's",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(120 + (process.pid % 30));
    const jointNames = ["joint1", "joint2"],
      taken: JointSample[] = [],
      words: string[] = [];
    const port = {
      jointNames,
      observeJoints: (m: JointSample) => void taken.push(m),
      jointSources: (w: string) => void words.push(w),
    } as unknown as AgentPort;
    const context = new rclnodejs.Context();
    await rclnodejs.init(context);
    const made = (name: string): { publisher: rclnodejs.Publisher<"sensor_msgs/msg/JointState"> } => ({
      publisher: new rclnodejs.Node(name, "", context).createPublisher("sensor_msgs/msg/JointState", "joint_states", {
        qos: qualities.reliable(10),
      }),
    });
    const node = new ManagedNode("inputs", undefined, context),
      inputs = new AgentInputs(
        node,
        port,
        { now: () => Date.now() / 1e3 },
        { cameras: [], frames: new Frames("base", {}), forces: false },
      );
    node.spin();
    const tell = ({ publisher }: ReturnType<typeof made>, q: number): void =>
      publisher.publish(
        Buffer.from(
          encodeJointState({
            header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" },
            name: jointNames,
            position: [q, q],
            velocity: [],
            effort: [],
          }),
        ) as never,
      );
    const driver = made("driver");
    let gui: ReturnType<typeof made> | undefined;
    try {
      for (let i = 0; i < 900 && !/ignored/.test(words.at(-1) ?? ""); i++) {
        tell(driver, 0.5);
        if (i === 400) gui = made("gui");
        if (gui) tell(gui, 0.52); // so near that its values would be believed
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.match(
        words.at(-1)!,
        new RegExp(
          String.raw`^\/gui publishes the arm's joints on \/joint_states too, ` +
            String.raw`and is ignored: \/driver, which came first, is used$`,
        ),
      );
      const before = taken.length;
      for (let i = 0; i < 200; i++)
        (tell(driver, 0.5), tell(gui!, 0.52), await new Promise((resolve) => setTimeout(resolve, 10)));
      const after = taken.slice(before),
        gaps = after.slice(1).map((m, i) => m.stamp - after[i].stamp);
      assert.ok(
        after.length > 190 && after.slice(5).every((m) => m.positions[0] === 0.5),
        `${after.length} taken, of them ${after.filter((m) => m.positions[0] !== 0.5).length} of another's`,
      );
      assert.ok(
        gaps.every((g) => g > 0),
        "stamps go on",
      );
    } finally {
      inputs.destroy();
      node.closed = true;
      rclnodejs.shutdown(context);
      setTimeout(() => process.exit(), 500).unref();
    }
  },
);
