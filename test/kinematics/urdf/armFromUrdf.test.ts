import assert from "node:assert/strict";
import { test } from "node:test";
import { capsuleDistance } from "../../../src/core/geometry/capsuleDistance.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import type { LinkCapsule } from "../../../src/kinematics/Arm.js";
import { fitCapsule } from "../../../src/kinematics/shapes/fitCapsule.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { jointMotion } from "../../../src/kinematics/urdf/placeLinks.js";
import type { Urdf, UrdfGeometry } from "../../../src/kinematics/urdf/Urdf.js";
import { loadArm, randomConfiguration, urdfText } from "../arms.js";

test("base, tool and joints are found in each arm; gripper joints are not the arm's", () => {
  const names = (name: "arm7" | "ur5" | "so101") => armFromUrdf(parseUrdf(urdfText(name)));
  const arm7 = names("arm7"),
    ur5 = names("ur5"),
    so101 = names("so101");
  assert.deepEqual(
    arm7.jointNames,
    [1, 2, 3, 4, 5, 6, 7].map((i) => `joint${i}`),
  );
  assert.equal(arm7.tool, "tool");
  assert.equal(ur5.nq, 6);
  assert.ok(["tool0", "ee_link"].includes(ur5.tool));
  assert.deepEqual(so101.jointNames, ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll"]);
  assert.equal(so101.tool, "gripper_frame_link");
});

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

// the capsules of config/robots/arm7.yaml, by a reader of its own for just these lines
async function yamlCapsules(
  name: string,
): Promise<{ link: string; p0: [number, number, number]; p1: [number, number, number]; radius: number }[]> {
  const { parse } = await import("yaml");
  const { readFileSync } = await import("node:fs");
  const metres = (x: number | string): number =>
    typeof x === "number" ? x : parseFloat(x) / (x.endsWith(" cm") ? 100 : 1);
  const { capsules } = parse(readFileSync(`config/robots/${name}.yaml`, "utf8")) as {
    capsules: { link: string; p0: []; p1: []; radius: string }[];
  };
  return capsules.map((c) => ({
    link: c.link,
    p0: c.p0.map(metres) as [number, number, number],
    p1: c.p1.map(metres) as [number, number, number],
    radius: metres(c.radius),
  }));
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

test("a fitted capsule contains its balls, however many, and is not much larger than one they were drawn from", () => {
  const rng = new Rng(5);
  for (const n of [1, 2, 3, 8, 60, 3000]) {
    const [L, R] = [rng.range(0.1, 0.5), rng.range(0.02, 0.1)],
      balls = new Float64Array(4 * n);
    const turn = transformFromRpy(new Float64Array(12), 0, [1, 2, 3], [rng.normal(), rng.normal(), rng.normal()]);
    for (let i = 0; i < n; i++) {
      const d = [rng.normal(), rng.normal(), rng.normal()],
        r = rng.range(0, R / 2),
        l = Math.hypot(...d) / (R - r);
      balls.set([d[0] / l, d[1] / l, d[2] / l + (i % 2 === 0 ? 0 : L), r], 4 * i);
      transformPoint(balls, 4 * i, turn, 0, balls, 4 * i);
    }
    const c = fitCapsule(balls),
      ends = Float64Array.of(...c.p0, ...c.p1);
    for (let i = 0; i < n; i++)
      assert.ok(
        capsuleDistance(
          Float64Array.of(...balls.subarray(4 * i, 4 * i + 3), ...balls.subarray(4 * i, 4 * i + 3)),
          0,
          0,
          ends,
          0,
          c.radius - balls[4 * i + 3],
        ) <= 1e-9,
      );
    assert.ok(
      c.radius < 1.4 * R && Math.hypot(...[0, 1, 2].map((k) => c.p1[k] - c.p0[k])) < L + R,
      `${n} balls: radius ${c.radius} of ${R}`,
    );
  }
});

test("self pairs never name links that share a joint, are apart at home, and come out the same each time", () => {
  for (const name of ["arm7", "ur5", "so101"] as const) {
    const { arm } = loadArm(name),
      again = loadArm(name).arm,
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

test("fixed joints between and links held still are folded away: the tool stays where it was", () => {
  const urdf = parseUrdf(urdfText("arm7")),
    whole = new Kinematics(armFromUrdf(urdf, { tool: "tool" }));
  const some = armFromUrdf(urdf, { tool: "tool", joints: ["joint6", "joint1", "joint2", "joint4"] }),
    held = new Kinematics(some),
    rng = new Rng(7);
  assert.deepEqual(some.jointNames, ["joint1", "joint2", "joint4", "joint6"]);
  for (let k = 0; k < 50; k++) {
    const q = randomConfiguration(some, rng);
    held.forward(q, 0);
    whole.forward(Float64Array.of(q[0], q[1], 0, q[2], 0, q[3], 0), 0);
    whole.tool.forEach((x, i) => assert.ok(Math.abs(x - held.tool[i]) < 1e-12));
  }
});

test("a tool offset is a pose in the tool link", () => {
  const urdf = parseUrdf(urdfText("arm7"));
  const plain = new Kinematics(armFromUrdf(urdf, { tool: "tool" })),
    longer = new Kinematics(
      armFromUrdf(urdf, { tool: "tool", toolOffset: { position: [0, 0, 0.1], orientation: [1, 0, 0, 0] } }),
    );
  for (const r of [0, 1, 2]) {
    assert.ok(Math.abs(longer.tool[4 * r + 3] - plain.tool[4 * r + 3] - 0.1 * plain.tool[4 * r + 2]) < 1e-12);
    assert.ok(Math.abs(longer.tool[4 * r + 2] + plain.tool[4 * r + 2]) < 1e-12);
  }
});

test("limits: the URDF's, then the overrides, velocities scaled; continuous joints get a turn each way", () => {
  const urdf = parseUrdf(urdfText("arm7"));
  const { limits } = armFromUrdf(urdf, {
    tool: "tool",
    velocityScale: 0.5,
    acceleration: 3,
    limits: { joint2: { upper: 1, velocity: 0.2, acceleration: 4 } },
  });
  assert.deepEqual([...limits.velocity], [1.1, 0.1, 1.1, 1.1, 1.3, 1.3, 1.3]);
  assert.deepEqual([...limits.acceleration], [3, 4, 3, 3, 3, 3, 3]);
  assert.equal(limits.hi[1], 1);
  assert.equal(armFromUrdf(urdf, { tool: "tool" }).limits.acceleration[0], 8.8);
  const free = urdfText("arm7").replace('name="joint1" type="revolute"', 'name="joint1" type="continuous"');
  assert.equal(armFromUrdf(parseUrdf(free), { tool: "tool" }).limits.hi[0], 2 * Math.PI);
});

const refused = [
  ["an unknown base", { base: "x" }, /base: got "x", want a link: base_link/],
  ["an unknown tool", { tool: "x" }, /tool: got "x"/],
  ["a tool above the base", { base: "link3", tool: "link1" }, /tool: got "link1", want a link below "link3"/],
  ["an unknown joint", { joints: ["joint9"] }, /joints: got "joint9"/],
  ["a home too short", { home: [0] }, /home: got 1 values, want 7/],
  ["a home out of bounds", { home: [0, 0, 0, -1, 0, 0, 0] }, /home of joint "joint4": got -1/],
  ["a home that is not a number", { home: [0, 0, 0, NaN, 0, 0, 0] }, /home of joint "joint4": got NaN/],
  ["limits of an unknown joint", { limits: { elbow: {} } }, /limits of joint "elbow"/],
  [
    "bounds the wrong way round",
    { limits: { joint1: { lower: 1, upper: -1 } } },
    /joint "joint1" limit: got lower 1, upper -1/,
  ],
  ["a velocity of 0", { limits: { joint1: { velocity: 0 } } }, /joint "joint1" velocity: got 0/],
  [
    "a capsule of an unknown link",
    { capsules: [{ link: "x", p0: [0, 0, 0], p1: [0, 0, 1], radius: 1 }] },
    /capsule 0 of link "x"/,
  ],
  [
    "a capsule without radius",
    { capsules: [{ link: "link1", p0: [0, 0, 0], p1: [0, 0, 1], radius: 0 }] },
    /capsule 0 of link "link1"/,
  ],
  ["an unknown link to ignore", { ignorePairs: [["link1", "x"]] }, /self collision: got link "x"/],
] as const;
for (const [what, options, message] of refused)
  test(`${what} is refused with what came and what was wanted`, () => {
    assert.throws(() => armFromUrdf(parseUrdf(urdfText("arm7")), options), message);
  });

test("a revolute joint without limits is refused unless the robot gives them", () => {
  const bare = parseUrdf(urdfText("arm7").replace(/(<joint name="joint1"[\s\S]*?)<limit[^>]*>/, "$1"));
  assert.throws(() => armFromUrdf(bare, { tool: "tool" }), /joint "joint1": got no <limit>/);
  assert.equal(
    armFromUrdf(bare, { tool: "tool", limits: { joint1: { lower: -1, upper: 1, velocity: 1 } } }).limits.effort[0],
    Infinity,
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

test("finite but absurd numbers are refused, not carried into the geometry", () => {
  const absurd = (from: RegExp, to: string) => () =>
    armFromUrdf(parseUrdf(urdfText("arm7").replace(from, to)), { tool: "tool" });
  assert.throws(
    absurd(/<origin xyz="0 0 0.16"\/>/, '<origin xyz="0 0 1e300"/>'),
    /joint "joint1" origin: got 1e\+300, want at most 100 m/,
  );
  assert.throws(absurd(/radius="0.056"/g, 'radius="1e200"'), /link "link\d" shape/);
  assert.throws(absurd(/<origin xyz="0 0 0.13"\/>/, '<origin xyz="0 0 1e9"/>'), /tool offset/);
});
