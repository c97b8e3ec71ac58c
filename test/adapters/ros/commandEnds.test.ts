import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import rclnodejs from "rclnodejs";
import { CommandEnds } from "../../../src/adapters/ros/agent/CommandEnds.js";
import { commandEndFindings } from "../../../src/adapters/ros/agent/commandEndFindings.js";
import type { ControllerFinding } from "../../../src/adapters/ros/agent/controllerFindings.js";

const root = new URL("../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));
const ends = {
  topic: "/controller/joint_trajectory",
  self: "/telos",
  hearers: ["/controller"],
  senders: ["/telos"],
  elsewhere: [],
};

test("nobody hears: told with the topic, and where such trajectories are heard; our own ear is none", () => {
  const say = (o: Partial<typeof ends> | object): string =>
    commandEndFindings({ ...ends, ...o })
      .map((f) => f.words)
      .join("; ");
  assert.equal(say({}), "");
  assert.match(
    say({ hearers: [] }),
    /^nobody subscribes to \/controller\/joint_trajectory: is the arm's controller active\?/,
  );
  assert.match(
    say({
      hearers: ["/telos"],
      elsewhere: [
        { topic: "/scaled/joint_trajectory", hearers: ["/scaled"] },
        { topic: "/mine", hearers: ["/telos"] },
      ],
    }),
    /subscribers on \/scaled\/joint_trajectory \(\/scaled\); set controller\.topic/,
  );
  assert.match(
    say({ senders: ["/telos", "/right/telos", "/teleop"] }),
    /^\/right\/telos, \/teleop publish on \/controller\/joint_trajectory too: the arm follows the newest message/,
  );
  assert.match(say({ senders: ["/telos", "/telos"] }), /^\/telos publishes on .* too \(another process of this name\)/);
  assert.equal(say({ senders: [] }), "", "a node that only listens asks for nobody's commands");
});

test(
  "over DDS: a topic that nobody hears, one that is heard elsewhere, a second agent, and what heals again",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const type = "trajectory_msgs/msg/JointTrajectory",
      topic = "/controller/joint_trajectory";
    await rclnodejs.init();
    const [node, other] = ["telos", "stranger"].map((name) => new rclnodejs.Node(name));
    node.createPublisher(type, topic);
    const told: (readonly ControllerFinding[])[] = [];
    const watched = new CommandEnds(node, topic, true, (findings) => told.push(findings));
    const until = async (words: RegExp): Promise<void> => {
      for (
        const limit = Date.now() + 40_000;
        !words.test(
          told
            .at(-1)
            ?.map((f) => f.words)
            .join("; ") ?? "",
        );
        await new Promise((r) => setTimeout(r, 50))
      )
        assert.ok(Date.now() < limit, `${words}: never; ${JSON.stringify(told)}`);
    };
    try {
      await until(/^nobody subscribes to \/controller\/joint_trajectory: is the arm's controller active/);
      other.createSubscription(type, "/scaled/joint_trajectory", () => undefined);
      await until(/subscribers on \/scaled\/joint_trajectory \(\/stranger\)/);
      const second = other.createPublisher(type, topic);
      await until(/\/stranger publishes on \/controller\/joint_trajectory too/);
      other.destroyPublisher(second);
      other.createSubscription(type, topic, () => undefined);
      await until(/^\/controller\/joint_trajectory: subscribed to by \/stranger only$/);
      assert.equal(watched.words, "");
    } finally {
      watched.destroy();
      node.destroy();
      other.destroy();
      rclnodejs.shutdown();
      setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
    }
  },
);
