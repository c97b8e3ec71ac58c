import assert from "node:assert/strict";
import { test } from "node:test";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { fitArm, loadArm, randomConfiguration, urdfText } from "../arms.js";
import { yamlCapsules } from "./yamlCapsules.js";

test("self pairs never name links that share a joint, are apart at home, and come out the same each time", () => {
  for (const name of ["arm7", "ur5", "so101"] as const) {
    const { arm } = loadArm(name),
      again = fitArm(name).arm,
      kinematics = new Kinematics(arm),
      ends = new Float64Array(6 * arm.capsules.length);
    assert.deepEqual(arm.selfPairs, again.selfPairs);
    assert.ok(arm.selfPairs.length > 0);
    kinematics.forward(arm.home, 0);
    kinematics.writeCapsules(ends, 0);
    for (let i = 0; i < arm.selfPairs.length; i += 2) {
      const [a, b] = arm.selfPairs.subarray(i, i + 2);
      assert.ok(Math.abs(arm.capsules[a].link - arm.capsules[b].link) > 1);
      assert.ok(capsuleDistance(ends, 6 * a, arm.capsules[a].radius, ends, 6 * b, arm.capsules[b].radius) >= 0);
    }
  }
});

test("most random configurations of arm7 are free of self-collision, and a folded one is not", async () => {
  const arm = armFromUrdf(parseUrdf(urdfText("arm7")), {
    tool: "tool",
    home: [0, 0.2457, 0, 1.6703, 0, 1.2256, 0],
    capsules: await yamlCapsules("arm7"),
  });
  const kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * arm.capsules.length),
    rng = new Rng(6),
    q = new Float64Array(7);
  const margin = (): number => {
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    let d = Infinity;
    for (let i = 0; i < arm.selfPairs.length; i += 2) {
      const [a, b] = arm.selfPairs.subarray(i, i + 2);
      d = Math.min(d, capsuleDistance(ends, 6 * a, arm.capsules[a].radius, ends, 6 * b, arm.capsules[b].radius));
    }
    return d;
  };
  let free = 0;
  for (let k = 0; k < 1000; k++) if ((randomConfiguration(arm, rng, q), margin() > 0)) free++;
  assert.ok(free > 700, `${free} of 1000`);
  q.set([0, 0.2, 0, 2.5, 0, 2.2, 0]);
  assert.ok(margin() < 0, "the hand in the upper arm");
  q.set(arm.home);
  assert.ok(margin() > 0.03, "home is well apart");
});
