import assert from "node:assert/strict";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";

/**
 * The simulator's own joint states are remapped away: the checker is the only one who tells the agent where the arm is.
 */
const { law } = lawsOf({
  domain: 4,
  sim: ["--scene", "table", "--no-camera", "--ros-args", "-r", "joint_states:=unheard"],
  agent: ["--scene", "table"],
  checker: ["--only-source"],
});
const STALE = 0.1; // s: joint states older than this brake the arm
const STALE_INPUT = 8;

law("with a healthy source a goal is reached", async (checker) => {
  await checker.act({ what: "joint_states", fault: "" });
  await checker.sleep(0.5);
  const end = await checker.accomplish(swing(0.4));
  assert.equal(end.success, true, end.message);
});

const faults: readonly (readonly [what: string, fault: string | null, words: RegExp])[] = [
  ["turns into NaN", "nan", /NaN.*finite/],
  ["speaks of other joints", "names", /those received name somebody_elses_joint1/],
  ["names one joint for all", "twice", /twice/],
  ["tells a position too few", "short", /6 positions for 7 names/],
  ["jumps back in time", "back", /older|stamp|time/],
  ["jumps ahead in time", "ahead", /ahead/],
  ["falls silent", null, /./],
];

for (const [i, [what, fault, words]] of faults.entries()) {
  law(
    `when the only source ${what} in motion, the arm brakes in its stopping time and the goal ends with the reason; ` +
      "with it healthy again a goal is reached",
    async (checker) => {
      const goal = await checker.goal(swing(i % 2 ? 1.2 : -1.2), { timeout: 2.5 });
      await checker.moving(0.8);
      await checker.act({ what: "joint_states", fault });
      restsInTime(await checker.rest(ARM7), STALE);
      const end = await checker.result(goal);
      assert.deepEqual([end.success, end.code], [false, STALE_INPUT], end.message);
      if (fault !== null) {
        await checker.sleep(1.1); // diagnostics come once a second
        assert.match(`${end.message}; ${(await checker.diagnostics()).inputs.values["last rejection"]}`, words);
      }
      await checker.act({ what: "joint_states", fault: "" });
      await checker.sleep(0.5);
      const next = await checker.accomplish(swing(0));
      assert.equal(next.success, true, next.message);
    },
  );
}
