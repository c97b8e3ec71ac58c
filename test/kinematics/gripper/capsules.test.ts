import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { armOptions } from "../../../src/agent/robot/armOptions.js";
import { loadRobotConfig } from "../../../src/config/index.js";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import type { Arm } from "../../../src/kinematics/Arm.js";
import { armFromUrdf, jointsAt, parseUrdf, type Urdf } from "../../../src/kinematics/index.js";
import { volumesOf } from "../../../src/kinematics/shapes/volumesOf.js";
import { jointMotion } from "../../../src/kinematics/urdf/placeLinks.js";
import { handUrdf, type HandName } from "./hands.js";

const identity = (): Float64Array => Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

/** Corners of all boxes behind the arm's last joint, the hand at an aperture: the URDF walked by hand. */
function* corners(urdf: Urdf, { linkNames, nq, gripper }: Arm, aperture: number): Generator<[string, Float64Array]> {
  const q = jointsAt(gripper!, aperture);
  const value = (name: string): number => {
    const own = gripper!.jointNames.indexOf(name),
      { mimic, multiplier = 1, offset = 0 } = urdf.joints.get(name)!;
    if (own >= 0) return q[own];
    return mimic === undefined ? 0 : multiplier * value(mimic) + offset;
  };
  const walk = function* (link: string, pose: Float64Array): Generator<[string, Float64Array]> {
    for (const { origin, geometry: g } of urdf.links.get(link)!.collisions) {
      assert.equal(g.kind, "box");
      const at = transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy);
      mulTransform(at, 0, pose, 0, at, 0);
      for (let k = 0; k < 8; k++) {
        const half = (d: 0 | 1 | 2): number => (g.kind === "box" ? g.size[d] : 0) * ((k >> d) & 1 ? 0.5 : -0.5);
        yield [link, transformPoint(new Float64Array(3), 0, at, 0, Float64Array.of(half(0), half(1), half(2)), 0)];
      }
    }
    for (const joint of urdf.joints.values()) {
      if (joint.parent !== link) continue;
      const step = transformFromRpy(new Float64Array(12), 0, joint.origin.xyz, joint.origin.rpy);
      if (joint.type !== "fixed") mulTransform(step, 0, step, 0, jointMotion(joint, value(joint.name)), 0);
      yield* walk(joint.child, mulTransform(step, 0, pose, 0, step, 0));
    }
  };
  yield* walk(linkNames[nq], identity());
}

function requireEnclosed(urdf: Urdf, arm: Arm): void {
  const rng = new Rng(6),
    { apertures } = arm.gripper!,
    [closed, open] = [apertures[0], apertures[apertures.length - 1]];
  for (let i = 0; i <= 60; i++)
    for (const [link, p] of corners(urdf, arm, i < 2 ? [closed, open][i] : rng.range(closed, open))) {
      const gap = Math.min(
        ...arm.capsules
          .filter((c) => c.link === arm.nq)
          .map((c) =>
            capsuleDistance(Float64Array.of(...p, ...p), 0, 0, Float64Array.of(...c.p0, ...c.p1), 0, c.radius),
          ),
      );
      assert.ok(gap <= 1e-6, `${link} is ${gap} m out of all capsules`);
    }
}

const wrist = (hand: string): string =>
  '<robot name="r"><link name="base"/><link name="wrist"/><joint name="arm" type="revolute"><parent link="base"/>' +
  '<child link="wrist"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint><link name="tool"/>' +
  '<joint name="t" type="fixed"><parent link="wrist"/><child link="tool"/><origin xyz="0 0 0.144"/></joint>' +
  `${hand}</robot>`;

for (const [name, robot] of [
  ["franka", "fr3"],
  ["2f85", "ur5e_2f85"],
  ["xarm", "xarm7_gripper"],
] as readonly (readonly [HandName, string])[])
  test(`${name}: fitted capsules hold hand and fingers from closed to open, and little else`, () => {
    const urdf = parseUrdf(wrist(handUrdf(name, "wrist"))),
      { gripper } = armOptions(loadRobotConfig(robot));
    const arm = armFromUrdf(urdf, { tool: "tool", gripper });
    requireEnclosed(urdf, arm);
    const volume = ({ capsules }: Arm): number =>
      volumesOf(
        [],
        capsules.filter((c) => c.link === 1),
      ).held;
    const loose = volume(armFromUrdf(urdf, { tool: "tool" }));
    assert.ok(volume(arm) <= 1.02 * loose, `${volume(arm)} l, without a known hand ${loose}`);
    if (name === "2f85") assert.ok(volume(arm) < 0.6 * loose, `${volume(arm)}, ${loose}`);
  });

test("arm7: its capsules by hand hold hand and fingers from closed to open", () => {
  const robot = loadRobotConfig("arm7"),
    urdf = parseUrdf(readFileSync(robot.urdf!, "utf8"));
  const last = urdf.links.get("link7")!;
  const noDrum = new Map(urdf.links).set("link7", { ...last, collisions: [] }); // a cylinder, tested elsewhere
  requireEnclosed({ ...urdf, links: noDrum }, armFromUrdf(urdf, armOptions(robot)));
});
