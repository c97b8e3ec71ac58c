import assert from "node:assert/strict";
import type { GoalEnd } from "../../src/evaluation/Judge.js";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";

/** The guard as a process of its own beside agent and simulator: four processes that meet over DDS alone. */
const { world, law } = lawsOf({
  domain: 9,
  sim: ["--scene", "table", "--no-camera"],
  agent: ["--scene", "table", "--guard", "apart"],
  guard: ["--scene", "table"],
});
const SILENCE = 0.25 + 0.05; // s after which the guard takes the agent for dead, and its look at the clock

/** How a task ends once the agent hears a guard that has just come up. */
async function heard(task: string): Promise<GoalEnd> {
  for (let i = 0; ; i++) {
    await world.judge.sleep(0.5);
    const end = await world.judge.accomplish(task);
    if (!/telos_guard is silent|nothing has been heard/.test(end.message) || i === 20) return end;
  }
}

law("a goal is reached through the guard", async (judge) => {
  const end = await judge.accomplish(swing(1));
  assert.equal(end.success, true, end.message);
});

law(
  "an agent killed in motion: the guard brakes the arm; a new agent moves nothing by itself and takes over",
  async (judge) => {
    await judge.goal(swing(-1.4));
    await judge.moving(0.8);
    await judge.act({ what: "signal", pid: world.agent.pid, signal: "SIGKILL" });
    restsInTime(await judge.rest(ARM7), SILENCE);
    await world.restartAgent();
    const before = (await judge.verdict()).joints;
    await judge.sleep(0.5);
    const after = (await judge.verdict()).joints;
    for (const joint of Object.keys(before)) assert.ok(Math.abs(after[joint] - before[joint]) < 0.01, joint);
  },
);

law("an agent stopped in motion by SIGSTOP: the guard brakes the arm; SIGCONT lets it go on", async (judge) => {
  const goal = await judge.goal(swing(1.4));
  await judge.moving(0.8);
  await judge.act({ what: "signal", pid: world.agent.pid, signal: "SIGSTOP" });
  restsInTime(await judge.rest(ARM7), SILENCE);
  await judge.act({ what: "signal", pid: world.agent.pid, signal: "SIGCONT" });
  const end = await judge.result(goal);
  assert.equal(end.success, true, end.message);
});

law(
  "an emergency stop passes through the agent to the guard; the agent cannot reset it, nor does another guard: a " +
    "person does, at the guard, and is told what had latched",
  async (judge) => {
    const goal = await judge.goal(swing(-1.4));
    await judge.moving(0.8);
    const stopped = await judge.act({ what: "emergency_stop" });
    assert.match(stopped.message!, /^telos_guard: latched by emergency_stop since/);
    assert.equal(stopped.success, true);
    await judge.act({ what: "signal", pid: world.guard!.pid, signal: "SIGKILL" });
    restsInTime(await judge.rest(ARM7));
    assert.equal((await judge.result(goal)).code, 7);
    await world.restartGuard();
    const own = await judge.act({ what: "reset" });
    assert.equal(own.success, false);
    assert.match(own.message!, /a person calls \/telos_guard\/reset/);
    assert.match((await heard(swing(0))).message, /latched by emergency_stop.*\/telos_guard\/reset/);
    const { success, message } = await judge.reset("telos_guard");
    assert.equal(success, true, message);
    assert.match(message!, /^was latched by emergency_stop since 20/);
    await judge.sleep(0.3);
    const end = await judge.accomplish(swing(0));
    assert.equal(end.success, true, end.message);
  },
);

law(
  "a guard killed in motion: the controller finishes the tail it holds, the task fails; with a new guard it goes on",
  async (judge) => {
    const goal = await judge.goal(swing(1.4));
    await judge.moving(0.8);
    await judge.act({ what: "signal", pid: world.guard!.pid, signal: "SIGKILL" });
    restsInTime(await judge.rest(ARM7));
    const end = await judge.result(goal);
    assert.match(end.message, /guard_silent/);
    await judge.sleep(5);
    const meanwhile = await judge.accomplish(swing(0));
    assert.match(
      meanwhile.message,
      /^telos_guard is silent: nothing moves before it speaks$/,
      "no reset is asked for that nobody could serve",
    );
    await world.restartGuard();
    const again = await heard(swing(0));
    assert.equal(again.success, true, again.message);
  },
);
