import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import type { Belief } from "../../../src/core/Belief.js";
import { invertTransform } from "../../../src/core/geometry/invertTransform.js";
import { mulTransform } from "../../../src/core/geometry/mulTransform.js";
import type { Quat, Vec3 } from "../../../src/core/geometry/Shape.js";
import { transformFromQuat } from "../../../src/core/geometry/transformFromQuat.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { State } from "../../../src/core/State.js";
import type { Thing } from "../../../src/core/Thing.js";
import { Kinematics } from "../../../src/kinematics/index.js";
import { Ingress } from "../../../src/runtime/ingress/Ingress.js";

const setup = loadSetup({ robot: "arm7", agent: "default" }),
  { arm } = setup;
const box: Thing = {
  id: "box",
  kind: "box",
  parts: [{ kind: "box", center: [0, 0, 0], size: [0.04, 0.04, 0.06], orientation: [0, 0, 0, 1] }],
  mass: 0.2,
  friction: 0.8,
};

/** An arm and its hand at 100 Hz. */
class Robot {
  time = 10;
  q = arm.home.slice();
  aperture = 0.08;
  goal = 0.08;
  width = 0.04; // m, of what is between the pads
  readonly ingress = new Ingress(setup, { now: () => this.time }, undefined);
  private readonly kinematics = new Kinematics(arm);

  get tool(): Float64Array {
    this.kinematics.forward(this.q, 0);
    return this.kinematics.tool.slice();
  }

  get state(): State {
    return this.ingress.body.state(this.ingress.beliefs);
  }

  close(goal: number): void {
    this.goal = goal;
    this.ingress.hand!.expect({ stamp: this.time, aperture: goal, speed: 0.2, force: 40 });
  }

  /** @param move rad/s of the first joint */
  go(seconds: number, move = 0): void {
    for (const end = this.time + seconds; this.time < end - 1e-9;) {
      this.time += 0.01;
      this.q[0] += 0.01 * move;
      const before = this.aperture,
        way = Math.max(-0.002, Math.min(0.002, this.goal - before));
      this.aperture = way < 0 ? Math.max(before + way, Math.min(before, this.width)) : before + way;
      const pushes = way < 0 && this.aperture === before;
      this.ingress.joints({
        stamp: this.time,
        names: ["finger_left_joint", ...arm.jointNames, "other"],
        positions: [this.aperture / 2, ...this.q, 0],
        velocities: [(this.aperture - before) / 0.02, move, ...arm.home.slice(1).fill(0), 0],
        efforts: [pushes ? 40 : 0, ...arm.home, 0],
      });
    }
  }

  see(
    position: Vec3,
    orientation: Quat = [0, 0, 0, 1],
    positionStd = 0.001,
    things: readonly Thing[] = [box],
  ): boolean {
    const belief: Belief = { id: "box", position, orientation, positionStd, stamp: this.time };
    return this.ingress.objects(this.time, [belief], things);
  }
}

/** Where the thing is that the arm grasps at home: before the tool. */
const between = (robot: Robot): Vec3 => [robot.tool[3], robot.tool[7], robot.tool[11]];

test("the state tells the hand, the things and what is held, and the held thing's belief moves with the tool", () => {
  const robot = new Robot();
  robot.go(0.1);
  assert.ok(Math.abs(robot.state.hand!.aperture - 0.08) < 1e-12);
  assert.ok(!("held" in robot.state));
  robot.see(between(robot));
  assert.equal(robot.state.things!.get("box"), box);
  robot.close(0);
  robot.go(0.8);
  assert.equal(robot.state.held?.id, "box");
  assert.ok(robot.ingress.handMoved(), "planners hear of it");
  const before = robot.tool,
    seen = robot.state.objects.get("box")!;
  robot.go(1, 0.5);
  const moved = robot.state.objects.get("box")!;
  // T₂ T₁⁻¹ takes the one to the other
  const way = mulTransform(
    new Float64Array(12),
    0,
    robot.tool,
    0,
    invertTransform(new Float64Array(12), 0, before, 0),
    0,
  );
  const at = transformFromQuat(new Float64Array(12), 0, seen.orientation, seen.position);
  const want = mulTransform(new Float64Array(12), 0, way, 0, at, 0),
    got = transformFromQuat(new Float64Array(12), 0, moved.orientation, moved.position);
  got.forEach((x, i) => assert.ok(Math.abs(x - want[i]) < 1e-9, `${i}: ${x}, want ${want[i]}`));
  assert.ok(Math.hypot(...moved.position.map((x, i) => x - seen.position[i])) > 0.1);
  assert.equal(moved.stamp, robot.time);
});

test("released, it stays where the hand let it go, until it is seen elsewhere", () => {
  const robot = new Robot();
  robot.go(0.1);
  robot.see(between(robot));
  robot.close(0);
  robot.go(0.8);
  robot.go(0.5, 0.5);
  const there = robot.state.objects.get("box")!.position;
  robot.close(0.08);
  robot.go(0.5);
  assert.equal(robot.state.held, undefined);
  robot.go(0.5, 0.5);
  assert.deepEqual(robot.state.objects.get("box")!.position, there);
  robot.see([0.5, 0.1, 0.03]);
  assert.deepEqual(robot.state.objects.get("box")!.position, [0.5, 0.1, 0.03]);
});

test("sights of the held thing: one odd one changes nothing, three say that it is elsewhere", () => {
  const robot = new Robot();
  robot.go(0.1);
  robot.see(between(robot));
  robot.close(0);
  robot.go(0.8);
  robot.see([0.6, 0.2, 0.03]);
  assert.equal(robot.state.held?.id, "box");
  robot.go(0.05);
  assert.ok(Math.hypot(...robot.state.objects.get("box")!.position.map((x, i) => x - between(robot)[i])) < 0.002);
  for (let i = 0; i < 3; i++) {
    robot.go(0.05);
    robot.see([0.6, 0.2, 0.03]);
  }
  robot.go(0.3);
  assert.equal(robot.state.held?.id, "unknown");
  assert.deepEqual(robot.state.objects.get("box")!.position, [0.6, 0.2, 0.03]);
});

test("a clock that goes back, and a hand whose joint states come alone", () => {
  const robot = new Robot();
  robot.go(0.2);
  robot.see(between(robot));
  robot.close(0);
  robot.go(0.8);
  assert.equal(robot.state.held?.id, "box");
  robot.time = 2;
  robot.go(0.1);
  assert.equal(robot.state.held, undefined, "another world");
  robot.ingress.joints({ stamp: 2.15, names: ["finger_left_joint"], positions: [0.01], velocities: [] });
  assert.ok(robot.state.hand!.aperture === robot.aperture, "ahead of the clock");
  robot.time = 2.2;
  robot.ingress.joints({ stamp: 2.2, names: ["finger_left_joint"], positions: [0.01], velocities: [] });
  assert.ok(Math.abs(robot.state.hand!.aperture - 0.02) < 1e-12);
});

test("fuzz: joint states, shapes and sights of no world are refused, and the arm goes on", () => {
  const rng = new Rng(21),
    robot = new Robot();
  const odd = [NaN, Infinity, -Infinity, 1e300, -1e300, 0, 0.02, 4];
  const pick = <T>(list: readonly T[]): T => list[rng.bits() % list.length];
  robot.go(0.05);
  robot.see(between(robot));
  robot.close(0);
  for (let i = 0; i < 3000; i++) {
    const finger = pick(odd),
      names = pick([
        ["finger_left_joint"],
        ["finger_left_joint", "finger_left_joint"],
        ["finger_left_joint", ...arm.jointNames],
        [...arm.jointNames, "x"],
        ["finger_right_joint"],
        [],
      ]);
    robot.ingress.joints({
      stamp: pick([robot.time, robot.time + 1, NaN, robot.time - 0.05]),
      names,
      positions: names.map((name) => (name.startsWith("finger") ? finger : pick([...robot.q]))),
      velocities: pick([[], names.map(() => pick(odd))]),
      efforts: pick([[], names.map(() => pick(odd)), [1]]),
    });
    robot.see([pick(odd), 0, 0], [0, 0, 0, pick([1, NaN])], pick(odd), [
      {
        ...box,
        id: pick(["box", "other"]),
        mass: pick(odd),
        parts: pick([
          [],
          [{ kind: "box", center: [0, pick(odd), 0], size: [0.1, pick(odd), 0.1], orientation: [0, 0, 0, 1] }],
          [{ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, pick(odd)], radius: pick(odd) }],
          [{ kind: "halfSpace", normal: [0, 0, 1], offset: 0 }],
        ]),
      },
    ]);
    robot.go(0.01);
    const { hand, held, objects } = robot.state;
    assert.ok(Number.isFinite(hand!.aperture + hand!.speed + (hand!.force ?? 0)));
    for (const b of objects.values()) assert.ok(b.position.every(Number.isFinite), JSON.stringify(b));
    if (held !== undefined) assert.ok(held.pose.every(Number.isFinite));
  }
});

test("a robot without a gripper: its state has nothing of a hand, and shapes are not kept", () => {
  const bare = loadSetup({ robot: "ur5", agent: "default" });
  const ingress = new Ingress(bare, { now: () => 1 }, undefined);
  ingress.joints({ stamp: 1, names: bare.arm.jointNames, positions: bare.arm.home, velocities: [] });
  const b: Belief = { id: "box", position: [0.4, 0, 0], orientation: [0, 0, 0, 1], positionStd: 0.01, stamp: 1 };
  ingress.objects(1, [b], [box]);
  assert.deepEqual(Object.keys(ingress.body.state(ingress.beliefs)), ["stamp", "q", "v", "objects", "bodies"]);
  assert.equal(ingress.beliefs.things.size, 0);
  assert.equal(ingress.beliefs.objectsById.get("box"), b);
  assert.equal(ingress.handMoved(), false);
});
