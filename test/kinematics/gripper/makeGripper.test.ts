import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { armOptions } from "../../../src/agent/robot/armOptions.js";
import { loadRobotConfig } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { apertureOf } from "../../../src/kinematics/gripper/apertureOf.js";
import type { GripperOptions } from "../../../src/kinematics/gripper/GripperOptions.js";
import { jointsAt } from "../../../src/kinematics/gripper/jointsAt.js";
import { padsAt } from "../../../src/kinematics/gripper/padsAt.js";
import type { Gripper } from "../../../src/kinematics/Gripper.js";
import { armFromUrdf, parseUrdf } from "../../../src/kinematics/index.js";
import { handUrdf, type HandName } from "./hands.js";

const limit = (at: string): string => `<limit ${at} velocity="1" effort="50"/>`;
const turn: GripperOptions["pads"]["orientation"] = [0, 0, -Math.SQRT1_2, Math.SQRT1_2]; // by −90° about z: y is x

/** One turning joint with a hand on it, its tool where the hand begins. */
function urdfWith(hand: string): string {
  return (
    '<robot name="r"><link name="base"/><link name="wrist"/><joint name="arm" type="revolute"><parent link="base"/>' +
    `<child link="wrist"/><axis xyz="0 0 1"/>${limit('lower="-1" upper="1"')}</joint><link name="tool"/><joint ` +
    `name="tool_joint" type="fixed"><parent link="wrist"/><child link="tool"/></joint>${hand}</robot>`
  );
}

function options(change: Partial<Omit<GripperOptions, "pads">> & { pads?: Partial<GripperOptions["pads"]> } = {}) {
  const pads = { position: [0, 0, 0.1] as const, orientation: [0, 0, 0, 1] as const, size: [0.02, 0.02] as const };
  return {
    joints: ["fr3_finger_joint1"],
    open: 0.08,
    closed: 0,
    at: {},
    force: 40,
    speed: 0.1,
    ...change,
    pads: { ...pads, finger: 0.015, depth: 0.04, ...change.pads },
  };
}

const make = (hand: string, o: GripperOptions): Gripper =>
  armFromUrdf(parseUrdf(urdfWith(hand)), { tool: "tool", gripper: o }).gripper!;

const ofHand: Record<HandName, GripperOptions> = {
  franka: options(),
  "2f85": options({
    joints: ["robotiq_85_left_knuckle_joint"],
    open: 0.0848,
    at: { open: [0], closed: [0.8] },
    pads: { position: [0, 0, 0.144], orientation: turn },
  }),
  xarm: options({
    joints: ["drive_joint"],
    open: 0.0873,
    at: { open: [0], closed: [0.85] },
    pads: { position: [0, 0, 0.162] },
  }),
};

/** Pads and their middle by hand, from lever arms alone: half the aperture and the height of the pads above closed. */
const byLevers: Record<HandName, (q: number) => readonly [half: number, rise: number]> = {
  franka: (q) => [q, 0],
  "2f85": (q) => {
    const [x, z] = [0.03152616 + 0.00563134, -0.00376347 + 0.04718515];
    const at = (a: number): readonly number[] => [x * Math.cos(a) - z * Math.sin(a), x * Math.sin(a) + z * Math.cos(a)];
    return [at(q)[0] - at(0.8)[0], at(q)[1] - at(0.8)[1]];
  },
  xarm: (q) => {
    const [y, z] = [0.035465, 0.042039];
    const at = (a: number): readonly number[] => [y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)];
    return [at(q)[0] - at(0.85)[0], at(q)[1] - at(0.85)[1]];
  },
};

for (const name of Object.keys(ofHand) as HandName[])
  test(`${name}: aperture and pads are those of the fingers' levers, and stay parallel`, () => {
    const gripper = make(handUrdf(name, "wrist"), ofHand[name]),
      { apertures } = gripper,
      last = apertures.length - 1;
    const [from, to] = [gripper.joints[0], gripper.joints[last]];
    const pads = new Float64Array(12),
      { position, orientation } = ofHand[name].pads;
    for (let i = 0; i <= 100; i++) {
      const q = from + ((to - from) * i) / 100,
        [half, rise] = byLevers[name](q);
      const aperture = apertureOf(gripper, [q]);
      assert.ok(Math.abs(aperture - 2 * half) < 5e-5, `${q}: ${aperture}, want ${2 * half}`);
      padsAt(gripper, aperture, pads);
      const want = [position[0], position[1], position[2] + rise];
      for (let r = 0; r < 3; r++) assert.ok(Math.abs(pads[4 * r + 3] - want[r]) < 5e-5, `${q}: ${pads}, want ${want}`);
      // y closes, z out of the hand
      assert.ok(Math.abs(pads[orientation === turn ? 1 : 5] - 1) < 1e-9 && Math.abs(pads[10] - 1) < 1e-9);
    }
  });

test("aperture → joints → aperture, for every hand, within the stroke; beyond it the joints stay at its end", () => {
  const rng = new Rng(3);
  for (const name of Object.keys(ofHand) as HandName[]) {
    const gripper = make(handUrdf(name, "wrist"), ofHand[name]),
      { apertures } = gripper,
      [closed, open] = [apertures[0], apertures[apertures.length - 1]];
    for (let i = 0; i < 200; i++) {
      const a = rng.range(closed, open);
      assert.ok(Math.abs(apertureOf(gripper, jointsAt(gripper, a)) - a) < 1e-12, name);
    }
    assert.deepEqual(jointsAt(gripper, open + 1), jointsAt(gripper, open));
    assert.deepEqual(jointsAt(gripper, closed - 1), jointsAt(gripper, closed));
    assert.deepEqual(jointsAt(gripper, NaN), jointsAt(gripper, closed));
    assert.ok(Number.isNaN(apertureOf(gripper, [NaN])));
  }
});

test("a hand with two driven fingers: the aperture sums both ways, and directions come from the limits", () => {
  const hand = handUrdf("franka", "wrist")
    .replace('<mimic joint="fr3_finger_joint1"/>', "")
    .replace('<axis xyz="0 -1 0"/><limit lower="0" upper="0.04"', '<axis xyz="0 1 0"/><limit lower="-0.04" upper="0"');
  const gripper = make(hand, options({ joints: ["fr3_finger_joint2", "fr3_finger_joint1"] }));
  assert.deepEqual(Array.from(jointsAt(gripper, 0.08)), [-0.04, 0.04]);
  assert.ok(Math.abs(apertureOf(gripper, [-0.01, 0.03]) - 0.04) < 1e-12);
});

test("so101's jaw: one finger turns, so the middle of the pads goes half the way of its pad, along their line", () => {
  const robot = loadRobotConfig("so101");
  const { gripper } = armFromUrdf(parseUrdf(readFileSync(robot.urdf!, "utf8")), armOptions(robot));
  const { apertures, pads } = gripper!;
  for (let i = 0; i < apertures.length; i++) {
    const [px, pz, yx, yz] = [3, 11, 1, 9].map((k) => pads[12 * i + k]);
    // from the middle half the aperture along y: the pad of the jaw that stands, which never moves
    assert.ok(Math.abs(px + (yx * apertures[i]) / 2) < 1e-6, `${i}: x ${px + (yx * apertures[i]) / 2}`);
    assert.ok(Math.abs(pz + (yz * apertures[i]) / 2 + 0.01) < 1e-6, `${i}: z`);
    assert.ok(i === 0 || apertures[i] > apertures[i - 1]);
  }
});

test("what does not fit is told at its key of the robot file", () => {
  const franka = handUrdf("franka", "wrist");
  const cases: readonly (readonly [string, Partial<GripperOptions>, RegExp, readonly PropertyKey[]])[] = [
    [
      franka,
      { joints: ["thumb"] },
      /"thumb", which the URDF does not have, want some of fr3_finger_joint1/,
      [...["gripper", "joints"], 0],
    ],
    [franka, { joints: ["arm"] }, /a joint of the arm/, ["gripper", "joints", 0]],
    [franka, { joints: ["fr3_finger_joint2"] }, /which follows "fr3_finger_joint1"/, ["gripper", "joints", 0]],
    [franka, { joints: ["fr3_hand_joint"] }, /of type fixed/, ["gripper", "joints", 0]],
    ["", {}, /this URDF has none there: no `gripper`/, ["gripper", "joints", 0]],
    [franka, { closed: 0.08 }, /want more than closed/, ["gripper", "open"]],
    [franka, { open: 0.1 }, /are 80 mm apart/, ["gripper", "open"]],
    [franka, { at: { open: [0.02, 0.02] } }, /2 values, want 1/, ["gripper", "at", "open"]],
  ];
  for (const [hand, change, words, key] of cases)
    assert.throws(
      () => make(hand, options(change)),
      (error: Error & { option?: unknown }) => words.test(error.message) && (assert.deepEqual(error.option, key), true),
      String(words),
    );
  assert.throws(() => make(franka, options({ pads: { links: ["base"] } })), /link "base"/);
  // past the middle the levers of this hand close again
  assert.throws(
    () => make(handUrdf("2f85", "wrist"), { ...ofHand["2f85"], at: { open: [-2.5], closed: [0.8] }, open: 0.0075 }),
    /stop parting|apart with/,
  );
});
