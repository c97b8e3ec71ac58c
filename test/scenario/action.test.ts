import assert from "node:assert/strict";
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { hasControlMsgs } from "../../src/adapters/ros/hasControlMsgs.js";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";
import { Program } from "../../src/evaluation/Program.js";

/**
 * The arm commanded by goals of FollowJointTrajectory, which the simulator offers as joint_trajectory_controller does;
 * and a stranger at the same action.
 */
if (!hasControlMsgs())
  test("the arm commanded by goals", { skip: "no control_msgs here: docs/guide/ros2.md" }, () => undefined);
else commandedByGoals();

function commandedByGoals(): void {
  const DOMAIN = 10;
  const SLOWER = 0.1; // s: goals are 50 ms apart, and go as far ahead; topics 10 and 30
  const ABORTED = /stopped by controller: it aborted a goal, INVALID_GOAL/;
  const folder = mkdtempSync(join(tmpdir(), "telos-action-"));
  const robots = new URL("../../../config/robots/", import.meta.url);
  const robot = join(folder, "arm7.yaml");
  const text = readFileSync(new URL("arm7.yaml", robots), "utf8").replace(
    "urdf: arm7.urdf",
    `urdf: ${fileURLToPath(new URL("arm7.urdf", robots))}`,
  );
  writeFileSync(robot, text.replace("controller: {", "controller: { interface: action,"));
  const choice = ["--scene", "table", "--robot", robot];
  const { world, law } = lawsOf({ domain: DOMAIN, sim: [...choice, "--no-camera"], agent: choice });

  let stranger: Program;
  let answered: (line: string) => void;
  const ask = async (question: object): Promise<any> => {
    const answer = new Promise<string>((resolve) => (answered = resolve));
    stranger.say(JSON.stringify(question));
    const { error, ...said } = JSON.parse(await answer);
    assert.equal(error, undefined);
    return said;
  };
  before(async () => {
    const env = {
      ...process.env,
      ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + DOMAIN) % 102),
      ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const script = fileURLToPath(new URL("../../../test/scenario/commander.py", import.meta.url));
    stranger = new Program({
      name: "commander",
      command: "python3",
      args: [script],
      env,
      sign: /^commander ready/,
      onLine: (line) => line.startsWith("{") && answered(line),
    });
    await stranger.ready;
    assert.deepEqual(await ask({ do: "ready" }), { action: true, cancel: true });
  });
  after(async () => {
    await stranger.kill();
    rmSync(folder, { recursive: true });
  });

  law("a goal of the task is reached by goals of the action alone", async (checker) => {
    for (const to of [1, 0]) {
      const end = await checker.accomplish(swing(to));
      assert.equal(end.success, true, end.message);
    }
    assert.deepEqual(await ask({ do: "publishers" }), { publishers: 0 });
  });

  law("a task cancelled in motion: the arm brakes to rest, and takes the next task", async (checker) => {
    const goal = await checker.goal(swing(1.4));
    await checker.moving(0.6);
    await checker.act({ what: "cancel", goal });
    restsInTime(await checker.rest(ARM7), SLOWER);
    assert.equal((await checker.result(goal)).code, 4);
    const end = await checker.accomplish(swing(0));
    assert.equal(end.success, true, end.message);
  });

  law("a goal for joints that the arm does not have is rejected, and harms nobody", async (checker) => {
    await checker.accomplish(swing(0)); // tried again it would be there already
    const goal = await checker.goal(swing(1));
    await checker.moving(0.6);
    assert.deepEqual(await ask({ do: "stop", joints: ["elbow"] }), { accepted: false });
    const end = await checker.result(goal);
    assert.equal(end.success, true, end.message);
  });

  law(
    "a stranger's goal takes the arm away: the agent says so, and commands no more until it is reset",
    async (checker) => {
      const goal = await checker.goal(swing(-1.4));
      await checker.moving(0.6);
      for (let i = 0; i < 20; i++) {
        // goals of ours between which its comes fall in with it; one that ends ours is told
        const { status, code } = await ask({ do: "stop", joints: [1, 2, 3, 4, 5, 6, 7].map((j) => `joint${j}`) });
        if (status === 4) break; // its own came to its end: nobody sent another
        assert.deepEqual([status, code], [6, -1]);
      }
      const end = await checker.result(goal);
      assert.match(end.message, ABORTED);
      await checker.sleep(1);
      assert.equal((await checker.reset()).success, true);
      const again = await checker.accomplish(swing(0));
      assert.equal(again.success, true, again.message);
    },
  );

  law("a goal that is cancelled by another: the arm stops, and the agent says why", async (checker) => {
    const goal = await checker.goal(swing(1.4));
    await checker.moving(0.6);
    for (let i = 0; i < 20 && !/controller/.test((await checker.diagnostics()).guardrails?.message ?? ""); i++) {
      await ask({ do: "cancel" });
      await checker.sleep(0.06);
    }
    const end = await checker.result(goal);
    assert.match(end.message, /stopped by controller: it (canceled|aborted) a goal/);
    await checker.sleep(1);
    assert.equal((await checker.reset()).success, true);
  });

  law(
    "an agent killed in motion: the arm comes to rest along the goal that it holds; with a new one it goes on",
    async (checker) => {
      await checker.goal(swing(-1.2));
      await checker.moving(0.6);
      await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGKILL" });
      restsInTime(await checker.rest(ARM7), SLOWER);
      await world.restartAgent();
      const end = await checker.accomplish(swing(0));
      assert.equal(end.success, true, end.message);
    },
  );
}
