import assert from "node:assert/strict";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";

/**
 * A controller of Rolling 6.8 or 6.9 with its default parameters: it keeps what lies ahead until its time, and what is
 * past comes into force at once.
 */
const { law } = lawsOf({
  domain: 33,
  sim: ["--scene", "table", "--no-camera", "--controller", "rolling"],
  agent: ["--scene", "table"],
});

law("goals are reached one after another", async (checker) => {
  for (const to of [1, -1.2, 0.3]) {
    const end = await checker.accomplish(swing(to));
    assert.equal(end.success, true, end.message);
  }
});

law("an emergency stop in motion brakes the arm in time, and after a reset it goes on", async (checker) => {
  await checker.goal(swing(-1.4));
  await checker.moving(0.8);
  await checker.act({ what: "emergency_stop" });
  restsInTime(await checker.rest(ARM7));
  const { success, message } = await checker.reset();
  assert.equal(success, true, message);
  const end = await checker.accomplish(swing(1));
  assert.equal(end.success, true, end.message);
});
