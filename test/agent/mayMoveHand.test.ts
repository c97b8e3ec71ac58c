import assert from "node:assert/strict";
import { test } from "node:test";
import { gripForceCap } from "../../src/agent/gripForceCap.js";
import { mayMoveHand, type HandSituation } from "../../src/agent/mayMoveHand.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { releaseHeight } from "../../src/agent/setup/releaseHeight.js";
import type { HandCommand } from "../../src/core/Hand.js";
import type { Held } from "../../src/core/Held.js";
import type { Shape, Vec3 } from "../../src/core/geometry/Shape.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Mode } from "../../src/guardrails/mode.js";
import { bodyRegions } from "../../src/config/index.js";
import { dropHeight } from "../../src/guardrails/margins/dropHeight.js";
import { maxGripForce } from "../../src/guardrails/margins/maxGripForce.js";
import { cup, poseOf } from "../guardrails/HeldOracle.js";
import { person } from "../guardrails/setups.js";

const box = (center: Vec3, size: Vec3): Shape => ({ kind: "box", center, size, orientation: [0, 0, 0, 1] });
const table = box([0.3, 0, -0.02], [1.2, 1.2, 0.04]);
/** A cube of 4 cm, in a hand that points down. */
const block: Held = {
  id: "block",
  parts: [box([0, 0, 0], [0.04, 0.04, 0.04])],
  pose: poseOf([1, 0, 0, 0], [0, 0, 0]),
  mass: 0.1,
  positionStd: 0.001,
};
const down = (z: number): Float64Array => poseOf([1, 0, 0, 0], [0.4, 0.1, z]);
const inForce: HandCommand = { stamp: 0, aperture: 0, speed: 0.1, force: 20 };
const situation = (change: Partial<HandSituation> = {}): HandSituation => ({
  mode: "active",
  resting: true,
  tool: down(0.02),
  hand: { stamp: 0, aperture: 0.04, speed: 0 },
  held: block,
  inForce,
  supports: [table],
  releaseHeight: 0.01,
  mostForce: 40,
  ...change,
});
const open = { aperture: 0.08, speed: 0.1, force: 20 };

test("nothing changes the hand unless the guardrails are active: stops, e-stops and latches keep the grip", () => {
  const modes: Mode[] = ["unconfigured", "inactive", "stopping", "latched"];
  for (const mode of modes)
    for (const held of [block, undefined])
      for (const command of [open, { ...open, aperture: 0 }, inForce])
        assert.equal(
          mayMoveHand(command, situation({ mode, held })),
          `the guardrails are ${mode}: the hand stays as it is`,
        );
  assert.equal(mayMoveHand(open, situation()), "");
});

test("what is held is let go at rest only, and from no higher than the release height over what is below it", () => {
  for (const z of [0.015, 0.02, 0.025, 0.0299]) assert.equal(mayMoveHand(open, situation({ tool: down(z) })), "");
  assert.equal(
    mayMoveHand(open, situation({ tool: down(0.0312) })),
    "block is held 11 mm over what is below it, want at most 10 mm (release_height)",
  );
  assert.equal(mayMoveHand(open, situation({ tool: down(0.0312), releaseHeight: 0.02 })), "");
  assert.equal(
    mayMoveHand(open, situation({ supports: [] })),
    "block is held over nothing that is known, want at most 10 mm (release_height)",
  );
  assert.match(mayMoveHand(open, situation({ resting: false })), /block is held and the arm moves/);
  assert.notEqual(mayMoveHand(open, situation({ tool: down(NaN) })), "");
  // with nothing in the hand it opens anywhere, in motion too
  assert.equal(mayMoveHand(open, situation({ held: undefined, tool: down(0.3), resting: false })), "");
});

test("to press less is to let go, to hold as tight or tighter is not", () => {
  const high = situation({ tool: down(0.3), resting: false });
  for (const command of [inForce, { ...inForce, force: 30 }, { ...inForce, speed: 0.01 }])
    assert.equal(mayMoveHand(command, high), "");
  for (const command of [
    { ...inForce, force: 19 },
    { ...inForce, aperture: 0.001 },
    { ...inForce, aperture: 0.039, force: 40 },
  ])
    assert.match(mayMoveHand(command, high), /arm moves/);
  const unknown = { ...high, inForce: undefined };
  assert.equal(mayMoveHand({ ...open, aperture: 0.03 }, unknown), "");
  assert.match(mayMoveHand({ ...open, aperture: 0.05 }, unknown), /arm moves/);
  assert.match(mayMoveHand({ ...open, aperture: 0.03 }, { ...unknown, hand: undefined }), /arm moves/);
});

test("what is no number, or harder than allowed, is refused with the number", () => {
  for (const bad of [NaN, -0.01, Infinity])
    assert.match(mayMoveHand({ ...open, aperture: bad }, situation()), new RegExp(`aperture of ${bad} m`));
  for (const bad of [NaN, 0, -1, Infinity]) {
    assert.match(mayMoveHand({ ...open, speed: bad }, situation()), new RegExp(`speed of ${bad} m/s`));
    assert.match(mayMoveHand({ ...open, force: bad }, situation()), new RegExp(`force of ${bad} N`));
  }
  assert.equal(mayMoveHand({ ...open, force: 41 }, situation()), "got a grip of 41 N, want at most 40 N");
  assert.notEqual(mayMoveHand(open, situation({ mostForce: NaN })), "");
});

test("how far a thing would fall: by marching it down until a point of it is in something", () => {
  const rng = new Rng(1),
    inside = (shape: Shape, [x, y, z]: Vec3): boolean =>
      shape.kind === "box"
        ? Math.abs(x - shape.center[0]) <= shape.size[0] / 2 &&
          Math.abs(y - shape.center[1]) <= shape.size[1] / 2 &&
          Math.abs(z - shape.center[2]) <= shape.size[2] / 2
        : false;
  let falls = 0;
  for (let trial = 0; trial < 60; trial++) {
    const supports = Array.from({ length: 3 }, () =>
        box(
          [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), rng.range(-0.3, -0.1)],
          [rng.range(0.05, 0.2), rng.range(0.05, 0.2), rng.range(0.02, 0.1)],
        ),
      ),
      size: Vec3 = [rng.range(0.02, 0.1), rng.range(0.02, 0.1), rng.range(0.02, 0.1)],
      yaw = rng.range(0, Math.PI),
      at: Vec3 = [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), 0.06],
      pose = poseOf([0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)], at);
    let want = Infinity;
    for (let fall = 0; fall < 0.5 && want === Infinity; fall += 5e-4)
      for (let i = 0; i <= 40 && want === Infinity; i++)
        for (let k = 0; k <= 40; k++) {
          const x = (i / 40 - 0.5) * size[0],
            y = (k / 40 - 0.5) * size[1];
          const p: Vec3 = [
            at[0] + Math.cos(yaw) * x - Math.sin(yaw) * y,
            at[1] + Math.sin(yaw) * x + Math.cos(yaw) * y,
            at[2] - size[2] / 2 - fall,
          ];
          if (supports.some((s) => inside(s, p))) want = fall;
        }
    const told = dropHeight([box([0, 0, 0], size)], pose, supports);
    assert.ok(told >= want - 6e-4 || told === Infinity, `told ${told}, it falls ${want}`);
    if (want === Infinity) assert.ok(told > 0.5);
    else if (told < want + 6e-4) falls++;
  }
  assert.ok(falls > 40, `${falls} told exactly`);
});

test("a ball and a cup fall as far as they are above a floor, and are never told nearer than they are", () => {
  const floor: Shape = { kind: "halfSpace", normal: [0, 0, 1], offset: 0.1 },
    ball: Shape = { kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 0], radius: 0.03 };
  assert.ok(Math.abs(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.2]), [floor]) - 0.07) < 1e-12);
  assert.ok(Math.abs(dropHeight(cup(0.04, 0.1), poseOf([0, 0, 0, 1], [0, 0, 0.2]), [floor]) - 0.05) < 1e-12);
  const rod: Shape = { kind: "capsule", p0: [0, 0, -0.1], p1: [0, 0, 0.1], radius: 0.01 };
  assert.ok(Math.abs(dropHeight([rod], poseOf([0, 0, 0, 1], [0, 0, 0.3]), [floor]) - 0.09) < 1e-12);
  assert.equal(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.2]), []), Infinity);
  // what is above does not carry, and what is beside does not either
  assert.equal(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.2]), [box([0, 0, 1], [1, 1, 0.1])]), Infinity);
  assert.equal(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.2]), [box([0.5, 0, 0], [0.2, 0.2, 0.1])]), Infinity);
  assert.ok(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.1]), [floor]) <= 0);
  // a slanted box, none of whose faces is upright, beside the way down
  const slanted = { ...box([0.2, 0, 0], [0.1, 0.1, 0.1]), orientation: [0.3, 0.2, 0.1, 0.9] } as Shape;
  assert.equal(dropHeight([ball], poseOf([0, 0, 0, 1], [0, 0, 0.3]), [slanted]), Infinity);
  assert.ok(dropHeight([ball], poseOf([0, 0, 0, 1], [0.2, 0, 0.3]), [slanted]) < 0.23);
  // a post that carries it midway
  const plank = box([0, 0, 0], [0.4, 0.1, 0.02]),
    post = box([0, 0, 0], [0.06, 0.06, 0.2]);
  assert.ok(Math.abs(dropHeight([plank], poseOf([0, 0, 0, 1], [0, 0, 0.12]), [post]) - 0.01) < 1e-12);
  assert.throws(() => dropHeight([floor], poseOf([0, 0, 0, 1], [0, 0, 0]), [floor]), /half-space/);
});

test("no grip is harder than the region that may be in it bears for long (ISO/TS 15066:2016, table A.2)", () => {
  const F = {
    hand: 140,
    forearm: 160,
    upper_arm: 150,
    chest: 140,
    abdomen: 110,
    pelvis: 180,
    back: 210,
    skull: 130,
    face: 65,
  };
  assert.deepEqual(Object.keys(F), [...bodyRegions]);
  for (const region of bodyRegions) assert.equal(maxGripForce([region]), F[region]);
  assert.equal(maxGripForce(["back", "abdomen", "hand"]), 110);
  assert.equal(maxGripForce([]), Infinity);
});

test("whoever may come between the pads before they close limits the grip, the longer unseen the farther away", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default" }),
    gripper = { ...setup.arm.gripper, force: 200 } as NonNullable<typeof setup.arm.gripper>,
    regions = { face: "face" as const, person: "hand" as const };
  const of = {
    arm: { ...setup.arm, gripper },
    agent: {
      ...setup.agent,
      guardrails: { ...setup.agent.guardrails, person: { ...setup.agent.guardrails.person, noise: 0.02, regions } },
    },
  };
  const tool = down(0.3),
    at = (d: number, id: string, stamp = 0) => ({
      ...person([0.4 + d, 0.1, 0.3], [0.4 + d, 0.1, 1], 0.05, stamp, 1),
      id,
    });
  assert.equal(gripForceCap(of, tool, [], 0), 200);
  assert.equal(gripForceCap(of, tool, [at(0.3, "person")], 0), 140);
  assert.equal(gripForceCap(of, tool, [at(0.3, "stranger")], 0), 140);
  assert.equal(gripForceCap(of, tool, [at(0.3, "person"), at(0.5, "face")], 0), 65);
  // 5 cm of body, 2 cm of noise, 0.5 m in the half second of closing, 15 cm of reach
  assert.equal(gripForceCap(of, tool, [at(0.719, "face")], 0), 65);
  assert.equal(gripForceCap(of, tool, [at(0.721, "face")], 0), 200);
  assert.equal(gripForceCap(of, tool, [at(0.721, "face", -0.1)], 0), 65);
  assert.equal(gripForceCap(of, tool, [at(NaN, "face")], 0), 65);
  assert.equal(gripForceCap({ ...of, arm: { ...of.arm, gripper: undefined } }, tool, [], 0), 0);
});

test("the release height is the robot's, 1 cm by default, or what the task says of a support if that is more", () => {
  const { robot } = loadSetup({ robot: "arm7", agent: "default" });
  const declared = { robot: { ...robot, guardrails: { ...robot.guardrails, release_height: 0.03 } } };
  const support = (release_height?: number) =>
    ({
      kind: "support",
      config: { ids: [], shapes: [], depth: 0, ...(release_height !== undefined && { release_height }) },
    }) as const;
  const bare = { robot: { ...robot, guardrails: { ...robot.guardrails, release_height: undefined } } };
  assert.equal(releaseHeight(bare), 0.01);
  assert.equal(releaseHeight(declared, [support()]), 0.03);
  assert.equal(releaseHeight(declared, [support(0.02)]), 0.03);
  assert.equal(releaseHeight(declared, [support(0.2), support(0.05)]), 0.2);
});
