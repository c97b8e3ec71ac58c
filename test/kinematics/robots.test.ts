import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { loadRobotConfig } from "../../src/config/index.js";
import { capsuleDistance } from "../../src/core/geometry/capsuleDistance.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { Kinematics } from "../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";
import { armNames, type ArmName } from "./arms.js";

function configured(name: ArmName): Arm {
  const robot = loadRobotConfig(name);
  return armFromUrdf(parseUrdf(readFileSync(robot.urdf!, "utf8")), armOptions(robot));
}

function selfMargin(arm: Arm, ends: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i < arm.selfPairs.length; i += 2) {
    const [a, b] = arm.selfPairs.subarray(i, i + 2);
    least = Math.min(least, capsuleDistance(ends, 6 * a, arm.capsules[a].radius, ends, 6 * b, arm.capsules[b].radius));
  }
  return least;
}

for (const name of armNames)
  test(`${name}: its YAML makes an arm that is at home above the table and clear of itself`, () => {
    const arm = configured(name),
      kinematics = new Kinematics(arm),
      ends = new Float64Array(6 * arm.capsules.length);
    kinematics.forward(arm.home, 0);
    kinematics.writeCapsules(ends, 0);
    assert.ok(selfMargin(arm, ends) > 0.02);
    arm.capsules.forEach((c, i) =>
      assert.ok(
        c.link === 0 || Math.min(ends[6 * i + 2], ends[6 * i + 5]) - c.radius > 0.003,
        `${c.name} stands in the table`,
      ),
    );
    assert.ok(kinematics.tool[10] < -0.8, "the tool points down");
    assert.ok(arm.capsules.length <= 14);
  });

test(
  "arm7 reaches, pointing down, every place from 0.3 to 0.6 m ahead and from the table to 0.4 m, " +
    "within its limits and clear of itself",
  () => {
    const arm = configured("arm7"),
      kinematics = new Kinematics(arm),
      ends = new Float64Array(6 * arm.capsules.length);
    const shoulder = 0.34,
      upper = 0.38,
      hand = 0.23;
    for (let r = 0.3; r < 0.601; r += 0.05)
      for (let z = 0; z < 0.41; z += 0.05) {
        // The plane arm in closed form: two equal links to the wrist, which hangs straight above the tool.
        const dz = z + hand - shoulder,
          elbow = Math.PI - 2 * Math.asin(Math.hypot(r, dz) / (2 * upper)),
          lean = Math.atan2(r, dz) - elbow / 2;
        const q = Float64Array.of(0.4, lean, 0, elbow, 0, Math.PI - lean - elbow, 0);
        q.forEach((x, j) =>
          assert.ok(x > arm.limits.lo[j] && x < arm.limits.hi[j], `joint ${j + 1} at ${r}, ${z}: ${x}`),
        );
        kinematics.forward(q, 0);
        kinematics.writeCapsules(ends, 0);
        assert.ok(
          Math.abs(Math.hypot(kinematics.tool[3], kinematics.tool[7]) - r) < 1e-9 &&
            Math.abs(kinematics.tool[11] - z) < 1e-9 &&
            kinematics.tool[10] < -1 + 1e-12,
        );
        assert.ok(selfMargin(arm, ends) > 0.01, `touches itself at ${r}, ${z}`);
      }
  },
);
