import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import rclnodejs from "rclnodejs";
import { peopleOf } from "../../../../src/cli/people.js";
import { loadSceneConfig } from "../../../../src/config/index.js";
import { decodeBodyArray, type BodyArray } from "../../../../src/adapters/ros/cdr/BodyArray.js";
import { encodeJointState } from "../../../../src/adapters/ros/cdr/JointState.js";
import { decodeJointTrajectory, type JointTrajectory } from "../../../../src/adapters/ros/cdr/JointTrajectory.js";
import { fromSeconds, toSeconds } from "../../../../src/adapters/ros/cdr/Stamp.js";
import { PeopleNode } from "../../../../src/adapters/ros/sim/PeopleNode.js";
import { qualities } from "../../../../src/adapters/ros/qualities.js";

const root = new URL("../../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test(
  "people in Gazebo: each is sent its path once, and is told of where its slides are, at the arm's time",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const people = await peopleOf(loadSceneConfig("person")),
      walker = people.find((p) => p.joints.length > 0)!,
      stander = people.find((p) => p.joints.length === 0)!;
    await rclnodejs.init();
    const node = new rclnodejs.Node("gazebo"),
      told: BodyArray[] = [],
      paths: JointTrajectory[] = [];
    const make = (topic: string) => {
      const publisher = node.createPublisher("sensor_msgs/msg/JointState", topic, { qos: qualities.reliable(10) });
      return (t: number, name: readonly string[], position: readonly number[]): void =>
        publisher.publish(
          Buffer.from(
            encodeJointState({
              header: { stamp: fromSeconds(t), frameId: "" },
              name,
              position,
              velocity: [],
              effort: [],
            }),
          ) as never,
        );
    };
    const arm = make("joint_states"),
      slides = make(`gazebo/${walker.id}/joint_states`);
    node.createSubscription(
      "telos_interfaces/msg/BodyArray",
      "bodies",
      { isRaw: true, qos: qualities.reliable(100) },
      ((bytes: Buffer) => told.push(decodeBodyArray(bytes))) as never,
    );
    const sent = new PeopleNode(people, "base_link");
    node.spin();
    try {
      // Nobody hears of the path until its controller is there, and nobody is told of before his slides are known.
      for (let k = 0; k < 30; k++) (arm(k * 0.01, ["joint1"], [0]), await sleep(10));
      assert.deepEqual([told.length, paths.length], [0, 0]);
      node.createSubscription(
        "trajectory_msgs/msg/JointTrajectory",
        `gazebo/${walker.id}/joint_trajectory`,
        { isRaw: true, qos: qualities.reliable(10) },
        ((bytes: Buffer) => paths.push(decodeJointTrajectory(bytes))) as never,
      );
      const at = (k: number): number[] => [0.001 * k, -0.002 * k, 0.01];
      for (let k = 0; k < 200; k++)
        (slides(1 + k * 0.01, [...walker.joints].reverse(), at(k).reverse()),
          arm(1 + k * 0.01, ["joint1"], [0]),
          await sleep(10));
      assert.equal(paths.length, 1, "the path is sent once");
      assert.deepEqual([paths[0].jointNames, paths[0].points.length], [walker.joints, walker.path.length]);
      assert.deepEqual(Array.from(paths[0].points[550].positions), walker.path[550].offset);
      assert.ok(told.length > 30 && told.length < 75, `${told.length} in 2 s`);
      for (const { header, bodies } of told.slice(5)) {
        const k = Math.round((toSeconds(header.stamp) - 1) / 0.01);
        assert.equal(header.frameId, "base_link");
        assert.deepEqual(
          bodies.filter((b) => b.id === stander.id),
          stander.parts.map(({ id, kind, p0, p1, radius, speedBound }) => ({ id, kind, p0, p1, radius, speedBound })),
        );
        // Messages of two topics come in any order: by a few of the slides' own either way.
        bodies
          .filter((b) => b.id === walker.id)
          .forEach(({ p0 }, i) =>
            p0.forEach((x, c) =>
              assert.ok(
                Math.abs(x - walker.parts[i].p0[c] - at(k)[c]) < 0.0201,
                `at ${k}: ${x - walker.parts[i].p0[c]}, want ${at(k)[c]}`,
              ),
            ),
          );
      }
    } finally {
      sent.stop();
      node.destroy();
      rclnodejs.shutdown();
      setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
    }
  },
);
