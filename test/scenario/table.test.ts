import assert from "node:assert/strict";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";
import { ARM7, lawsOf, poseError, restsInTime, swing } from "./law.js";

const { world, law } = lawsOf({
  domain: 0,
  sim: ["--scene", "table", "--objects", "--no-camera"],
  agent: ["--scene", "table"],
});
const STATUS = { succeeded: 4, canceled: 5, aborted: 6 };
const CODE = { none: 0, canceled: 4, preempted: 5, stopped: 7 };

for (const [i, goal] of drawGoals(loadSetup({ robot: "arm7", agent: "default", scene: "table" }), 3, 11).entries()) {
  law(
    `a drawn pose is reached within 2 cm and 5° (${i + 1} of 3)`,
    async (checker) => {
      const end = await checker.accomplish(goal.task);
      assert.deepEqual([end.status, end.code], [STATUS.succeeded, CODE.none], end.message);
      assert.ok(end.speed < 0.05, "the goal ends when the arm rests");
    },
    ({ tool }) => {
      const { distance, angle } = poseError(tool, goal.position, goal.orientation);
      assert.ok(distance <= 0.02 && angle <= 5, `${distance} m, ${angle}° off`);
    },
  );
}

law(
  "cancelled in motion, the arm comes to rest in its stopping time; the goal ends as canceled once it does",
  async (checker) => {
    await checker.accomplish(swing(0));
    const goal = await checker.goal(swing(1.6));
    await checker.moving(0.8);
    await checker.act({ what: "cancel", goal });
    const end = await checker.result(goal);
    assert.deepEqual([end.status, end.success, end.code], [STATUS.canceled, false, CODE.canceled], end.message);
    assert.ok(end.speed < 0.05, `${end.speed} rad/s when the goal ended`);
    restsInTime(await checker.rest(ARM7));
  },
  ({ joints }) => assert.ok(joints.joint1 < 1.5, "it went on to its goal"),
);

law(
  "a new goal preempts the one under way, which ends as preempted; the new one is reached",
  async (checker) => {
    const first = await checker.goal(swing(-1.4));
    await checker.moving(0.6);
    const second = await checker.goal(swing(0.8));
    const [early, late] = [await checker.result(first), await checker.result(second)];
    assert.deepEqual([early.status, early.code], [STATUS.aborted, CODE.preempted], early.message);
    assert.deepEqual([late.status, late.code], [STATUS.succeeded, CODE.none], late.message);
  },
  ({ joints }) => assert.ok(Math.abs(joints.joint1 - 0.8) < 0.06, `joint 1 is at ${joints.joint1}`),
);

law(
  "an emergency stop in motion: at rest in the stopping time, reset refused until then, goals refused until reset; " +
    "then a goal works again",
  async (checker) => {
    await checker.accomplish(swing(0.8));
    const goal = await checker.goal(swing(-1.6));
    await checker.moving(1.2);
    assert.equal((await checker.act({ what: "emergency_stop" })).success, true);
    const rest = checker.rest(ARM7);
    restsInTime(await rest);
    const end = await checker.result(goal);
    assert.deepEqual([end.status, end.code], [STATUS.aborted, CODE.stopped], end.message);
    assert.equal((await checker.accomplish(swing(0))).code, CODE.stopped);
    const reset = await checker.reset();
    assert.equal(reset.success, true, reset.message);
    assert.equal((await checker.accomplish(swing(0))).success, true);
  },
);

law(
  "an agent killed right after the answer to an emergency stop: the next one comes up latched, says by what and " +
    "since when, and moves nothing until a person resets it",
  async (checker) => {
    await checker.goal(swing(0.9));
    await checker.moving(0.8);
    const { success, message } = await checker.act({ what: "emergency_stop" });
    await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGKILL" });
    assert.equal(success, true, message);
    const since = /^latched by emergency_stop since (\S+Z)/.exec(message!)![1];
    assert.ok((await checker.rest(ARM7)).still);
    await world.restartAgent();
    assert.ok(world.agent.told(new RegExp(`latched by emergency_stop since ${since}`)));
    await checker.sleep(0.5);
    const refused = await checker.accomplish(swing(0));
    assert.deepEqual(
      [refused.code, refused.message],
      [CODE.stopped, `latched by emergency_stop since ${since}: call ~/reset first`],
    );
    assert.match(
      (await checker.act({ what: "emergency_stop" })).message!,
      new RegExp(`^already latched by emergency_stop since ${since}`),
    );
    assert.equal((await checker.reset()).message, `was latched by emergency_stop since ${since}`);
    assert.equal((await checker.accomplish(swing(0))).success, true);
  },
);

law("reset while the arm still moves is refused, and does not start it again", async (checker) => {
  await checker.accomplish(swing(0));
  const goal = await checker.goal(swing(1.6));
  await checker.moving(1.5);
  await checker.act({ what: "emergency_stop" });
  const early = await checker.act({ what: "reset" });
  assert.ok(early.speed > 0.05, "the checker was too slow to try it in motion");
  assert.equal(early.success, false);
  restsInTime(await checker.rest(ARM7));
  assert.equal((await checker.result(goal)).code, CODE.stopped);
  assert.equal((await checker.reset()).success, true);
});

law(
  "joint states that fall silent in motion brake the arm; when they come again it goes on to its goal",
  async (checker) => {
    const goal = await checker.goal(swing(-1.2));
    await checker.moving(0.8);
    await checker.act({ what: "perturb", action: "drop", target: "joint_states", value: 1, duration: 0.8 });
    restsInTime(await checker.rest(ARM7), STALE);
    const end = await checker.result(goal);
    assert.deepEqual([end.status, end.code], [STATUS.succeeded, CODE.none], end.message);
  },
);

law("joint states silent for 2.5 s: the goal waits for them and is reached", async (checker) => {
  const goal = await checker.goal(swing(0.9));
  await checker.moving(0.8);
  await checker.act({ what: "perturb", action: "drop", target: "joint_states", value: 1, duration: 2.5 });
  restsInTime(await checker.rest(ARM7), STALE);
  const end = await checker.result(goal);
  assert.deepEqual([end.status, end.code], [STATUS.succeeded, CODE.none], end.message);
});

law(
  "joint states that stay silent end the goal at its timeout, with the reason; a goal without them is refused; with " +
    "them back, it works",
  async (checker) => {
    const goal = await checker.goal(swing(-0.6), { timeout: 4 });
    await checker.moving(0.6);
    await checker.act({ what: "perturb", action: "drop", target: "joint_states", value: 1 });
    restsInTime(await checker.rest(ARM7), STALE);
    const end = await checker.result(goal);
    assert.deepEqual([end.status, end.code], [STATUS.aborted, STALE_INPUT], end.message);
    assert.match(end.message, /^not done after 4 s; no joint states for \d\.\d s$/);
    assert.equal((await checker.accomplish(swing(0))).code, STALE_INPUT);
    await checker.act({ what: "perturb", action: "clear", target: "joint_states" });
    await checker.sleep(0.3);
    const next = await checker.accomplish(swing(0));
    assert.equal(next.success, true, next.message);
  },
);

law(
  "the agent stopped by kill -STOP in motion: at rest in the stopping time; let go on, it accomplishes a goal",
  async (checker) => {
    const goal = await checker.goal(swing(1.4));
    await checker.moving(1);
    await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGSTOP" });
    restsInTime(await checker.rest(ARM7));
    await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGCONT" });
    await checker.result(goal); // it may go on or give up, and must say so
    const next = await checker.accomplish(swing(0.2));
    assert.equal(next.success, true, next.message);
  },
);

// kill -9: signals.test.ts and agentNode.test.ts

const STALE = 0.1; // s: joint states older than this brake the arm
const STALE_INPUT = 8;
