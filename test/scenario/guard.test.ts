import assert from "node:assert/strict";
import type { GoalEnd } from "../../src/evaluation/Checker.js";
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
    await world.checker.sleep(0.5);
    const end = await world.checker.accomplish(task);
    if (!/telos_guard is silent|no message from/.test(end.message) || i === 20) return end;
  }
}

law("a goal is reached through the guard", async (checker) => {
  const end = await checker.accomplish(swing(1));
  assert.equal(end.success, true, end.message);
});

law(
  "an agent killed in motion: the guard brakes the arm; a new agent moves nothing by itself and takes over",
  async (checker) => {
    await checker.goal(swing(-1.4));
    await checker.moving(0.8);
    await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGKILL" });
    restsInTime(await checker.rest(ARM7), SILENCE);
    await world.restartAgent();
    const before = (await checker.verdict()).joints;
    await checker.sleep(0.5);
    const after = (await checker.verdict()).joints;
    for (const joint of Object.keys(before)) assert.ok(Math.abs(after[joint] - before[joint]) < 0.01, joint);
  },
);

law("an agent stopped in motion by SIGSTOP: the guard brakes the arm; SIGCONT lets it go on", async (checker) => {
  const goal = await checker.goal(swing(1.4));
  await checker.moving(0.8);
  await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGSTOP" });
  restsInTime(await checker.rest(ARM7), SILENCE);
  await checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGCONT" });
  const end = await checker.result(goal);
  assert.equal(end.success, true, end.message);
});

law(
  "an emergency stop passes through the agent to the guard; the agent cannot reset it, nor does another guard: a " +
    "person does, at the guard, and is told what had latched",
  async (checker) => {
    const goal = await checker.goal(swing(-1.4));
    await checker.moving(0.8);
    const stopped = await checker.act({ what: "emergency_stop" });
    assert.match(stopped.message!, /^telos_guard: latched by emergency_stop since/);
    assert.equal(stopped.success, true);
    await checker.act({ what: "signal", pid: world.guard!.pid, signal: "SIGKILL" });
    restsInTime(await checker.rest(ARM7));
    assert.equal((await checker.result(goal)).code, 7);
    await world.restartGuard();
    const own = await checker.act({ what: "reset" });
    assert.equal(own.success, false);
    assert.match(own.message!, /call \/telos_guard\/reset/);
    assert.match((await heard(swing(0))).message, /latched by emergency_stop.*\/telos_guard\/reset/);
    const { success, message } = await checker.reset("telos_guard");
    assert.equal(success, true, message);
    assert.match(message!, /^was latched by emergency_stop since 20/);
    await checker.sleep(0.3);
    const end = await checker.accomplish(swing(0));
    assert.equal(end.success, true, end.message);
  },
);

law(
  "a guard killed in motion: the controller finishes the fail-safe trajectory it holds, the task fails; with a new " +
    "guard it goes on",
  async (checker) => {
    const goal = await checker.goal(swing(1.4));
    await checker.moving(0.8);
    await checker.act({ what: "signal", pid: world.guard!.pid, signal: "SIGKILL" });
    restsInTime(await checker.rest(ARM7));
    const end = await checker.result(goal);
    assert.match(end.message, /guard_silent/);
    await checker.sleep(5);
    const meanwhile = await checker.accomplish(swing(0));
    assert.match(
      meanwhile.message,
      /^telos_guard is silent: nothing moves until it reports again$/,
      "no reset is asked for that nobody could serve",
    );
    await world.restartGuard();
    const again = await heard(swing(0));
    assert.equal(again.success, true, again.message);
  },
);
