import assert from "node:assert/strict";
import { test } from "node:test";
import { handTrajectoryOf } from "../../../src/adapters/ros/handTrajectoryOf.js";
import { twoFingers } from "../../perception/grippers.js";

test("the hand's trajectory: one point, at the command's speed; efforts only where the controller takes any", () => {
  const command = { stamp: 3, aperture: 0.02, speed: 0.1, force: 20 };
  const told = handTrajectoryOf(twoFingers, command, 0.08, { efforts: true });
  assert.deepEqual(told.header, { stamp: { sec: 0, nanosec: 0 }, frameId: "" });
  assert.deepEqual(told.jointNames, ["left", "right"]);
  assert.equal(told.points.length, 1);
  const [{ positions, effort, velocities, accelerations, timeFromStart }] = told.points;
  assert.deepEqual(Array.from(positions), [0.01, 0.01]);
  assert.ok(Math.abs(timeFromStart - 0.6) < 1e-12);
  // virtual work: Σ τ dq = F da
  assert.ok(Array.from(effort).every((x) => Math.abs(x - 20) < 1e-9));
  assert.deepEqual([velocities, accelerations], [[], []]);
  assert.deepEqual(handTrajectoryOf(twoFingers, command, 0.08, { efforts: false }).points[0].effort, []);
});
