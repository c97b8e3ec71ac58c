import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadSetup } from "../../../../src/agent/setup/AgentSetup.js";
import { packageRoot } from "../../../../src/config/index.js";
import { lookAtArm } from "../../../../src/adapters/ros/agent/lookAtArm.js";

const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(join(packageRoot(), "node_modules/rclnodejs/build/Release/rclnodejs.node"));
const TOPIC = "/joint_trajectory_controller/joint_trajectory";

test(
  "telos doctor --robot: what is wrong with an arm's joint states and with the way to its controller, in words",
  { skip: ready ? false : "ROS 2 is not in the environment" },
  async () => {
    process.env.ROS_DOMAIN_ID = String(150 + (process.pid % 30));
    const setup = loadSetup({ robot: "arm7", agent: "default" }),
      { home, jointNames } = setup.arm;
    const look = async (how: string, topic: string): Promise<Awaited<ReturnType<typeof lookAtArm>>> => {
      const driver = spawn(
        process.execPath,
        [
          join(packageRoot(), "dist/test/adapters/ros/fakeDriver.js"),
          how,
          topic,
          JSON.stringify([...home]),
          JSON.stringify(jointNames),
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      try {
        await once(driver.stdout, "data");
        return await lookAtArm(setup, 4);
      } finally {
        driver.kill("SIGKILL");
        await once(driver, "close");
      }
    };
    const well = await look("well", TOPIC);
    assert.deepEqual([well.joints, well.controller, well.hearers], ["", "", ["/driver"]]);
    assert.ok(well.taken > 20, `${well.taken}`);
    for (const [how, words] of [
      ["degrees", /^all refused: got joint2 at 14\.078 rad.*degrees\?/],
      ["stranger", /^those received name finger, want joint1, /],
      ["seldom", /^joint states come at [345]\.\d Hz, want more than 10 Hz/],
    ] as const) {
      const { joints, controller } = await look(how, "/scaled/joint_trajectory");
      assert.match(joints, words);
      assert.match(
        controller,
        new RegExp(
          String.raw`^nobody subscribes to \/joint_trajectory_controller\/joint_trajectory: ` +
            String.raw`joint trajectories have subscribers on \/scaled\/joint_trajectory \(\/driver\)`,
        ),
      );
    }
    const rival = spawn(
      process.execPath,
      [
        join(packageRoot(), "dist/test/adapters/ros/fakeDriver.js"),
        "well",
        TOPIC,
        JSON.stringify([...home]),
        JSON.stringify(jointNames),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(rival.stdout, "data");
    const two = await look("well", TOPIC);
    rival.kill("SIGKILL");
    await once(rival, "close");
    assert.match(
      two.joints,
      new RegExp(
        String.raw`^\/driver and \/driver publish the arm's joints on \/joint_states: the agent uses ` +
          "the one that came first, and none if that is not known; stop one of them$",
      ),
    );
    const none = await lookAtArm(setup, 2);
    assert.match(none.joints, /^nothing on \/joint_states for 2 s$/);
    assert.match(
      none.controller,
      /is the arm's controller active\? No other trajectory topic has a subscriber either$/,
    );
    setTimeout(() => process.exit(), 500).unref(); // rclnodejs leaves handles behind
  },
);
