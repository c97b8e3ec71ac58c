import assert from "node:assert/strict";
import { test } from "node:test";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import type { LinkCapsule } from "../../../src/kinematics/Arm.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { jointMotion } from "../../../src/kinematics/urdf/placeLinks.js";
import type { Urdf, UrdfGeometry } from "../../../src/kinematics/urdf/Urdf.js";
import { urdfText } from "../arms.js";
import { yamlCapsules } from "./yamlCapsules.js";

/** A point of a shape's surface or inside, in the shape's frame. */
function sample(g: UrdfGeometry, rng: Rng): Float64Array {
  const corner = (): number => (rng.uniform() < 0.5 ? -0.5 : 0.5);
  switch (g.kind) {
    case "box":
      return Float64Array.from(g.size, (s) => s * (rng.uniform() < 0.7 ? corner() : rng.range(-0.5, 0.5)));
    case "cylinder": {
      const angle = rng.range(0, 2 * Math.PI);
      return Float64Array.of(g.radius * Math.cos(angle), g.radius * Math.sin(angle), g.length * corner());
    }
    case "sphere": {
      const n = [rng.normal(), rng.normal(), rng.normal()],
        l = Math.hypot(...n) / g.radius;
      return Float64Array.of(n[0] / l, n[1] / l, n[2] / l);
    }
    default:
      throw new Error(g.kind);
  }
}

function within(p: Float64Array, c: LinkCapsule): boolean {
  return capsuleDistance(Float64Array.of(...p, ...p), 0, 0, Float64Array.of(...c.p0, ...c.p1), 0, c.radius) <= 1e-9;
}

/**
 * Points of the collision parts of everything below the base, with every joint off the arm anywhere in its range, in
 * the arm's frames.
 */
function* bodyPoints(
  urdf: Urdf,
  jointNames: readonly string[],
  rng: Rng,
): Generator<{ frame: number; link: string; p: Float64Array }> {
  const walk = function* (
    link: string,
    frame: number,
    pose: Float64Array,
  ): Generator<{ frame: number; link: string; p: Float64Array }> {
    for (const part of urdf.links.get(link)!.collisions) {
      const local = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
      const p = sample(part.geometry, rng);
      transformPoint(p, 0, local, 0, p, 0);
      transformPoint(p, 0, pose, 0, p, 0);
      yield { frame, link, p };
    }
    for (const joint of urdf.joints.values()) {
      if (joint.parent !== link) continue;
      const at = jointNames.indexOf(joint.name);
      if (at >= 0) {
        yield* walk(joint.child, at + 1, Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
        continue;
      }
      const origin = transformFromRpy(new Float64Array(12), 0, joint.origin.xyz, joint.origin.rpy);
      const q =
        joint.limit === undefined || joint.type === "fixed" ? 0 : rng.range(joint.limit.lower, joint.limit.upper);
      mulTransform(origin, 0, origin, 0, jointMotion(joint, q), 0);
      yield* walk(joint.child, frame, mulTransform(new Float64Array(12), 0, pose, 0, origin, 0));
    }
  };
  yield* walk(urdf.root, 0, Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
}

const turning = `<robot name="t"><link name="base"><collision><geometry><box size="0.2 0.1 0.1"/></geometry>\
</collision></link>
  <link name="l1"><collision><origin rpy="0.3 0.2 0.1" xyz="0 0 0.2"/><geometry>\
<cylinder radius="0.05" length="0.3"/></geometry></collision>
    <collision><origin xyz="0 0.1 0.3"/><geometry><sphere radius="0.06"/></geometry></collision></link>
  <link name="palm"><collision><geometry><box size="0.1 0.1 0.02"/></geometry></collision></link>
  <link name="jaw"><collision><origin xyz="0.05 0 0.1"/><geometry><box size="0.1 0.02 0.2"/></geometry></collision>\
</link>
  <link name="claw"><collision><origin xyz="0 0 0.05"/><geometry><box size="0.02 0.02 0.1"/></geometry></collision>\
</link>
  <joint name="j1" type="revolute"><parent link="base"/><child link="l1"/><axis xyz="0 0 1"/>\
<limit lower="-1" upper="1" velocity="1" effort="1"/></joint>
  <joint name="w" type="fixed"><parent link="l1"/><child link="palm"/><origin xyz="0 0 0.4"/></joint>
  <joint name="grip" type="revolute"><parent link="palm"/><child link="jaw"/><origin xyz="0.05 0 0"/>\
<axis xyz="0 1 0"/><limit lower="-0.3" upper="1.8" velocity="1" effort="1"/></joint>
  <joint name="grip2" type="revolute"><parent link="jaw"/><child link="claw"/><origin xyz="0 0 0.2"/>\
<axis xyz="0 1 0"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint></robot>`;

for (const [what, text, tool, yaml] of [
  ["arm7, fitted", urdfText("arm7"), "tool", undefined],
  ["arm7, by its YAML", urdfText("arm7"), "tool", "arm7"],
  ["an arm with a turning claw", turning, "palm", undefined],
] as const)
  test(`${what}: the capsules contain every collision part, its gripper open, closed and between`, async () => {
    const urdf = parseUrdf(text),
      arm = armFromUrdf(urdf, { tool, capsules: yaml && (await yamlCapsules(yaml)) }),
      rng = new Rng(1);
    for (let k = 0; k < 1500; k++)
      for (const { frame, link, p } of bodyPoints(urdf, arm.jointNames, rng))
        assert.ok(
          arm.capsules.some((c) => c.link === frame && within(p, c)),
          `${link} sticks out at ${[...p]}`,
        );
  });

test("meshes: read where a reader finds them, else capsules along the bones", () => {
  const urdf = parseUrdf(urdfText("so101"));
  const bones = armFromUrdf(urdf, { capsuleRadius: 0.03 });
  assert.ok(bones.capsules.every((c) => Math.abs(c.radius - 0.03) < 1e-6));
  assert.ok(bones.capsules.length >= bones.nq);
  const tetrahedron = new TextEncoder().encode(
    "v 0 0 0\nv 0.02 0 0\nv 0 0.02 0\nv 0 0 0.02\nf 1 2 3\nf 1//1 2//2 -1//3\nf 1 3 4\nf 2 3 4\n",
  );
  const objs = parseUrdf(urdfText("so101").replaceAll(".stl", ".obj"));
  const read = armFromUrdf(objs, { readMesh: () => tetrahedron });
  assert.ok(read.capsules.length <= 16 && read.capsules.every((c) => c.radius < 0.1));
  assert.throws(() => armFromUrdf(objs, { readMesh: () => new TextEncoder().encode("v 0 nan 0\n") }), /mesh .*finite/);
});
