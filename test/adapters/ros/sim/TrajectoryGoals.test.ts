import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import type { JointTrajectory } from "../../../../src/adapters/ros/cdr/JointTrajectory.js";
import { fromSeconds } from "../../../../src/adapters/ros/cdr/Stamp.js";
import { hasControlMsgs } from "../../../../src/adapters/ros/hasControlMsgs.js";
import { rosIsHere } from "../../../../src/evaluation/World.js";
import { skipWithout } from "../../../skipWithout.js";

/**
 * Commands as goals, over true DDS: our client, and a server whose answers a test chooses. Wants control_msgs, which
 * not every ROS 2 has.
 */
const root = new URL("../../../../../", import.meta.url);
const skip = skipWithout(
  [rosIsHere, "ROS 2 is not in the environment"],
  [hasControlMsgs(), "control_msgs is not in the environment"],
);
const folder = mkdtempSync(join(tmpdir(), "telos-goals-"));
after(() => rmSync(folder, { recursive: true }));

test("control_msgs is known by its action in a prefix", () => {
  const share = join(folder, "share", "control_msgs", "action");
  mkdirSync(share, { recursive: true });
  assert.equal(hasControlMsgs(`/nowhere:${folder}`), false);
  writeFileSync(join(share, "FollowJointTrajectory.action"), "");
  assert.equal(hasControlMsgs(`/nowhere:${folder}`), true);
  assert.equal(hasControlMsgs(""), false);
});

test(
  "without control_msgs each of agent, guard and simulator says in one sentence what to install",
  { skip: rosIsHere ? false : "ROS 2 is not in the environment" },
  () => {
    const robot = join(folder, "robot.yaml");
    writeFileSync(
      robot,
      `name: arm\nurdf: ${fileURLToPath(new URL("config/robots/arm7.urdf", root))}\n` +
        `controller: { interface: action }\n`,
    );
    const prefixes = process.env
      .AMENT_PREFIX_PATH!.split(":")
      .filter((p) => !hasControlMsgs(p))
      .join(":");
    for (const node of ["agent", "guard", "sim"]) {
      const { status, stderr } = spawnSync(
        process.execPath,
        [fileURLToPath(new URL("dist/src/main.js", root)), node, "--robot", robot],
        { env: { ...process.env, AMENT_PREFIX_PATH: prefixes }, encoding: "utf8", timeout: 30_000 },
      );
      assert.equal(status, 1, stderr);
      assert.match(
        stderr,
        new RegExp(
          String.raw`^telos: .*controller\.interface is action, and control_msgs ` +
            String.raw`is not in this ROS 2 environment: install ros-\w+-control-msgs`,
          "m",
        ),
      );
    }
  },
);

type Answer =
  | "reject"
  | { readonly how: "succeed" | "abort"; readonly code: number; readonly words?: string; readonly after: number };

describe("over DDS", { skip }, () => {
  const told: string[] = [];
  let answer: Answer;
  let goals: { send(t: JointTrajectory): void; destroy(): void };
  let nobody: typeof goals;
  let end: () => void;
  let preempt: ((code: number) => void) | undefined;
  const heard: any[] = [];
  const sleep = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));

  before(async () => {
    process.env.ROS_DOMAIN_ID = String(130 + (process.pid % 60));
    const { default: rclnodejs } = await import("rclnodejs");
    const { TrajectoryGoals } = await import("../../../../src/adapters/ros/sim/TrajectoryGoals.js");
    const { FOLLOW_JOINT_TRAJECTORY, requireControlMsgs } =
      await import("../../../../src/adapters/ros/requireControlMsgs.js");
    const { Result } = requireControlMsgs();
    await rclnodejs.init();
    const node = new rclnodejs.Node("goals_test");
    const { ACCEPT, REJECT } = rclnodejs.GoalResponse;
    const execute = async (goal: any): Promise<object> => {
      const mine = answer as Exclude<Answer, "reject">;
      preempt?.(-1);
      const code = await new Promise<number>((resolve) => {
        preempt = resolve;
        setTimeout(() => resolve(mine.code), mine.after).unref();
      });
      if (code === -1 || mine.how === "abort") goal.abort();
      else goal.succeed();
      return Object.assign(new Result(), {
        error_code: code,
        error_string: code === mine.code ? (mine.words ?? "") : "preempted",
      });
    };
    const offer = (goal: any): unknown => (heard.push(goal), answer === "reject" ? REJECT : ACCEPT);
    const server = new (rclnodejs.ActionServer as any)(
      node,
      FOLLOW_JOINT_TRAJECTORY,
      "arm/follow_joint_trajectory",
      execute,
      offer,
      (g: any) => g.execute(),
    );
    goals = new TrajectoryGoals(node, "arm/follow_joint_trajectory", (why) => told.push(why));
    nobody = new TrajectoryGoals(node, "nobody/follow_joint_trajectory", (why) => told.push(why));
    node.spin();
    const client = (goals as unknown as { client: { waitForServer(ms: number): Promise<boolean> } }).client;
    assert.ok(await client.waitForServer(10_000));
    end = () => {
      server.destroy();
      rclnodejs.shutdown();
    };
  });
  after(() => end?.());

  const trajectory = (at: number): JointTrajectory => ({
    header: { stamp: fromSeconds(1e9 + at), frameId: "" },
    jointNames: ["a", "b"],
    points: [0, 1].map((k) => ({
      positions: Float64Array.of(at + k, -1),
      velocities: Float64Array.of(1 - k, 0),
      accelerations: [],
      effort: [],
      timeFromStart: 0.05 * k,
    })),
  });
  const tellsAfter = async (wait: number): Promise<string[]> => {
    await sleep(wait);
    return told.splice(0);
  };

  test("a goal carries the trajectory, point for point", async () => {
    answer = { how: "succeed", code: 0, after: 20 };
    goals.send(trajectory(0.25));
    assert.deepEqual(await tellsAfter(200), []);
    const { trajectory: t, path_tolerance, goal_time_tolerance } = heard[0];
    assert.deepEqual(t.header.stamp, { sec: 1e9, nanosec: 2.5e8 });
    assert.deepEqual(t.joint_names, ["a", "b"]);
    assert.deepEqual(
      t.points.map((p: any) => [[...p.positions], [...p.velocities], p.time_from_start]),
      [
        [[0.25, -1], [1, 0], { sec: 0, nanosec: 0 }],
        [[1.25, -1], [0, 0], { sec: 0, nanosec: 5e7 }],
      ],
    );
    assert.deepEqual([[...path_tolerance], goal_time_tolerance], [[], { sec: 0, nanosec: 0 }]);
  });

  test("goals that pre-empt one another are no error, though the server aborts each", async () => {
    answer = { how: "succeed", code: 0, after: 60 };
    for (let i = 0; i < 20; i++) {
      goals.send(trajectory(i));
      await sleep(25);
    }
    assert.deepEqual(await tellsAfter(300), []);
  });

  test("a rejected goal is told, once for those in its wake", async () => {
    answer = "reject";
    goals.send(trajectory(1));
    goals.send(trajectory(2));
    assert.deepEqual(await tellsAfter(200), ["it rejected a goal"]);
  });

  test("a goal given up is told with the controller's words", async () => {
    answer = { how: "abort", code: -4, words: "joint a strayed", after: 40 };
    goals.send(trajectory(1));
    assert.deepEqual(await tellsAfter(200), ["it aborted a goal, PATH_TOLERANCE_VIOLATED: joint a strayed"]);
  });

  test("the newest goal aborted by another's is told: somebody else commands the arm", async () => {
    answer = { how: "succeed", code: 0, after: 10_000 };
    goals.send(trajectory(1));
    await sleep(100);
    preempt!(-1);
    assert.deepEqual(await tellsAfter(200), ["it aborted a goal, INVALID_GOAL: preempted"]);
  });

  test("where nobody offers the action, the command has not left", async () => {
    nobody.send(trajectory(1));
    assert.deepEqual(told.splice(0), ["nobody offers the action nobody/follow_joint_trajectory"]);
  });
});
