import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { randomConfiguration, urdfText } from "../arms.js";
import { yamlCapsules } from "./yamlCapsules.js";

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

test("fixed joints between and links held still are folded away: the tool stays where it was", async () => {
  const urdf = parseUrdf(urdfText("arm7")),
    given = { tool: "tool", capsules: await yamlCapsules("arm7") },
    whole = new Kinematics(armFromUrdf(urdf, given));
  const some = armFromUrdf(urdf, { ...given, joints: ["joint6", "joint1", "joint2", "joint4"] }),
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

test("a tool offset is a pose in the tool link", async () => {
  const urdf = parseUrdf(urdfText("arm7")),
    given = { tool: "tool", capsules: await yamlCapsules("arm7") };
  const plain = new Kinematics(armFromUrdf(urdf, given)),
    longer = new Kinematics(
      armFromUrdf(urdf, { ...given, toolOffset: { position: [0, 0, 0.1], orientation: [1, 0, 0, 0] } }),
    );
  for (const r of [0, 1, 2]) {
    assert.ok(Math.abs(longer.tool[4 * r + 3] - plain.tool[4 * r + 3] - 0.1 * plain.tool[4 * r + 2]) < 1e-12);
    assert.ok(Math.abs(longer.tool[4 * r + 2] + plain.tool[4 * r + 2]) < 1e-12);
  }
});

test("limits: the URDF's, then the overrides, velocities scaled; continuous joints get a turn each way", async () => {
  const urdf = parseUrdf(urdfText("arm7")),
    given = { tool: "tool", capsules: await yamlCapsules("arm7") };
  const { limits } = armFromUrdf(urdf, {
    ...given,
    velocityScale: 0.5,
    acceleration: 3,
    limits: { joint2: { upper: 1, velocity: 0.2, acceleration: 4 } },
  });
  assert.deepEqual([...limits.velocity], [1.1, 0.1, 1.1, 1.1, 1.3, 1.3, 1.3]);
  assert.deepEqual([...limits.acceleration], [3, 4, 3, 3, 3, 3, 3]);
  assert.equal(limits.hi[1], 1);
  assert.equal(armFromUrdf(urdf, given).limits.acceleration[0], 8.8);
  const free = urdfText("arm7").replace('name="joint1" type="revolute"', 'name="joint1" type="continuous"');
  assert.equal(armFromUrdf(parseUrdf(free), given).limits.hi[0], 2 * Math.PI);
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
