import assert from "node:assert/strict";
import { test } from "node:test";
import type { Belief } from "../../src/core/Belief.js";
import { invertTransform } from "../../src/core/geometry/invertTransform.js";
import { mulTransform } from "../../src/core/geometry/mulTransform.js";
import type { Quat, Vec3 } from "../../src/core/geometry/Shape.js";
import { transformFromQuat } from "../../src/core/geometry/transformFromQuat.js";
import type { HandState } from "../../src/core/Hand.js";
import type { Held } from "../../src/core/Held.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Thing } from "../../src/core/Thing.js";
import { GripSense, UNKNOWN } from "../../src/perception/GripSense.js";
import { twoFingers } from "./grippers.js";

const upright: Quat = [0, 0, 0, 1];
const down: Quat = [1, 0, 0, 0]; // the tool's z points down

const boxThing = (id: string, size: Vec3 = [0.04, 0.04, 0.06]): Thing => ({
  id,
  kind: "box",
  parts: [{ kind: "box", center: [0, 0, 0], size, orientation: upright }],
  mass: 0.2,
  friction: 0.8,
});
const at = (id: string, position: Vec3, orientation = upright, positionStd = 0.001): Belief => ({
  id,
  position,
  orientation,
  positionStd,
  stamp: 0,
});
const pose = (position: Vec3, orientation: Quat = down): Float64Array =>
  transformFromQuat(new Float64Array(12), 0, orientation, position);

/** A hand at 100 Hz, told at 0 to close to 0: it closes at 0.2 m/s from 8 cm onto a width. */
class Run {
  time = 0;
  aperture = 0.08;
  goal = 0;
  readonly sense = new GripSense(twoFingers, { least: 0.002, force: 2, mass: 1 });
  readonly objects = new Map<string, Belief>();
  readonly things = new Map<string, Thing>();
  tool = pose([0.4, 0, 0.1]);

  constructor(
    things: readonly Thing[] = [],
    beliefs: readonly Belief[] = [],
    private readonly efforts = true,
  ) {
    for (const thing of things) this.things.set(thing.id, thing);
    for (const belief of beliefs) this.objects.set(belief.id, belief);
    this.tell(0);
  }

  tell(goal: number): void {
    this.goal = goal;
    this.sense.expect({ stamp: this.time, aperture: goal, speed: 0.2, force: 40 });
  }

  /** @param width m, of what is between the pads */
  go(seconds: number, width: number, noise = (): number => 0): Held | undefined {
    for (const end = this.time + seconds; this.time < end - 1e-9;) {
      this.time += 0.01;
      const before = this.aperture;
      this.aperture =
        this.goal < before
          ? Math.max(this.goal, Math.min(before, width), before - 0.002)
          : Math.min(this.goal, before + 0.002);
      const pushes = this.goal < this.aperture && this.aperture === before;
      const hand: HandState = {
        stamp: this.time,
        aperture: this.aperture + noise(),
        speed: (this.aperture - before) / 0.01,
        ...(this.efforts && { force: pushes ? 40 : 0.5 }),
      };
      this.sense.update({ hand, tool: this.tool, objects: this.objects, things: this.things });
    }
    return this.sense.held;
  }
}

test("a hand that closes on a believed thing holds it, where it is in the hand", () => {
  const run = new Run([boxThing("box"), boxThing("far")], [at("box", [0.405, 0, 0.09]), at("far", [0.5, 0.2, 0.1])]);
  assert.equal(run.go(0.2, 0.04), undefined, "not while the fingers move");
  const held = run.go(0.6, 0.04)!;
  assert.equal(held.id, "box");
  assert.equal(held.mass, 0.2);
  const back = mulTransform(new Float64Array(12), 0, run.tool, 0, held.pose, 0),
    want = pose([0.405, 0, 0.09], upright);
  back.forEach((x, i) => assert.ok(Math.abs(x - want[i]) < 6e-4, `${i}: ${x}, want ${want[i]}`));
  run.tool = pose([0.2, 0.3, 0.5]);
  assert.equal(run.go(1, 0.04)!.id, "box", "it stays held wherever the tool goes");
});

test("the fingers centre what they close on: a thing believed 8 mm beside the middle is held in the middle", () => {
  const run = new Run([boxThing("box")], [at("box", [0.4, 0.008, 0.1], upright, 0.003)]);
  const held = run.go(0.6, 0.04)!;
  assert.ok(Math.abs(held.pose[7]) < 6e-4, `${held.pose[7]}`);
});

test("a miss: fingers that reach where they are sent, or come within 2 mm of it, hold nothing", () => {
  const run = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])]);
  assert.equal(run.go(1, 0), undefined);
  const thin = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])]);
  assert.equal(thin.go(1, 0.0015), undefined);
});

test("fingers that have not begun to move hold nothing, nor do those that stand without force", () => {
  const late = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])], false);
  for (let i = 1; i <= 20; i++)
    late.sense.update({
      hand: { stamp: 0.01 * i, aperture: 0.08, speed: 0 },
      tool: late.tool,
      objects: late.objects,
      things: late.things,
    });
  assert.equal(late.sense.held, undefined);
  for (let i = 1; i <= 100; i++)
    late.sense.update({
      hand: { stamp: 0.01 * i, aperture: 0.04, speed: 0, force: 1.9 },
      tool: late.tool,
      objects: late.objects,
      things: late.things,
    });
  assert.equal(late.sense.held, undefined);
});

test("without efforts the aperture alone decides, and no command means no verdict", () => {
  const run = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])], false);
  assert.equal(run.go(0.8, 0.04)!.id, "box");
  const silent = new GripSense(twoFingers, { least: 0.002, force: 2, mass: 1 });
  const hand = { aperture: 0.04, speed: 0, force: 40 };
  for (let i = 0; i < 100; i++)
    silent.update({ hand: { stamp: i / 100, ...hand }, tool: run.tool, objects: run.objects, things: run.things });
  assert.equal(silent.held, undefined);
});

test("a thing that slips out is lost at once, one that is released as well; then it can be held again", () => {
  const run = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])]);
  run.go(0.8, 0.04);
  assert.equal(run.go(0.03, 0), undefined, "it slipped");
  run.tell(0.08);
  run.go(1, 0.04);
  run.tell(0);
  assert.equal(run.go(0.8, 0.04)!.id, "box");
  run.tell(0.08);
  const { tool, objects, things } = run,
    hand = { stamp: run.time + 0.005, aperture: 0.041, speed: 0.2 };
  assert.equal(run.sense.update({ hand, tool, objects, things })!.id, "box", "told to open, not yet open");
  assert.equal(run.go(0.05, 0.04), undefined, "released");
});

test("noise of the aperture of 0.3 mm neither loses nor finds anything", () => {
  const rng = new Rng(5),
    noise = (): number => 0.0003 * rng.normal();
  const run = new Run([boxThing("box")], [at("box", [0.4, 0, 0.1])]);
  assert.equal(run.go(0.8, 0.04, noise)!.id, "box");
  for (let i = 0; i < 600; i++) assert.equal(run.go(0.01, 0.04, noise)?.id, "box");
});

test("something unknown is as wide as the aperture, and is recognised when it is seen there", () => {
  const run = new Run([boxThing("box")], [at("box", [0.7, 0, 0.1])]);
  const held = run.go(0.8, 0.03)!;
  assert.equal(held.id, UNKNOWN);
  const [part] = held.parts;
  assert.ok(part.kind === "box" && Math.abs(part.size[1] - 0.03) < 1e-12);
  assert.equal(held.mass, 1);
  run.objects.set("box", at("box", [0.4, 0, 0.1]));
  assert.equal(run.go(0.2, 0.03)!.id, "box");
});

test("of two things that touch, the one between the pads is held: 200 random poses of the hand", () => {
  const rng = new Rng(8);
  for (let i = 0; i < 200; i++) {
    const turn: Quat = [Math.cos(i), Math.sin(i), 0, 0],
      where: Vec3 = [rng.range(0.2, 0.6), rng.range(-0.3, 0.3), rng.range(0.05, 0.3)];
    // in the tool's frame: the held one at its origin, the other beside it along x or before it along z
    const tool = pose(where, turn),
      aside = i % 2 === 0 ? [0.041, 0, 0] : [0, 0, 0.061];
    const world = (p: readonly number[]): Vec3 =>
      [0, 1, 2].map(
        (r) => tool[4 * r] * p[0] + tool[4 * r + 1] * p[1] + tool[4 * r + 2] * p[2] + tool[4 * r + 3],
      ) as never;
    const noise = (): number => 0.001 * rng.normal();
    const run = new Run(
      [boxThing("other"), boxThing("box")],
      [at("other", world(aside.map((x) => x + noise())), turn), at("box", world([noise(), noise(), noise()]), turn)],
    );
    run.tool = tool;
    assert.equal(run.go(0.8, 0.04)!.id, "box", `${i}`);
  }
});

test("of two things that both reach between the pads, the one of which more is there is held", () => {
  for (const [mine, other] of [
    [-0.014, 0.027],
    [0.014, -0.027],
  ]) {
    const run = new Run(
      [boxThing("other"), boxThing("box")],
      [at("other", [0.4 + other, 0, 0.1]), at("box", [0.4 + mine, 0, 0.1])],
    );
    assert.equal(run.go(0.8, 0.04)!.id, "box");
  }
});

test("a cup is held by its wall as well as around it", () => {
  const walls = Array.from({ length: 12 }, (_, i) => {
    const a = (i * Math.PI) / 6;
    return {
      kind: "box" as const,
      center: [0.034 * Math.cos(a), 0.034 * Math.sin(a), 0] as const,
      size: [0.004, 0.02, 0.09] as const,
      orientation: [0, 0, Math.sin(a / 2), Math.cos(a / 2)] as const,
    };
  });
  const cup: Thing = { id: "cup", kind: "cup", parts: walls, round: true, mass: 0.1, friction: 0.8 };
  const around = new Run([cup], [at("cup", [0.4, 0, 0.1])]);
  assert.equal(around.go(0.8, 0.072)!.id, "cup");
  const wall = new Run([cup], [at("cup", [0.4, 0.034, 0.07])]);
  assert.equal(wall.go(0.8, 0.004)!.id, "cup");
});

test("sights while it is held correct its place by their weight; three that contradict it move it", () => {
  const run = new Run([boxThing("box")], [at("box", [0.404, 0, 0.1], upright, 0.004)]);
  run.go(0.8, 0.04);
  const rng = new Rng(2);
  for (let i = 0; i < 100; i++)
    assert.equal(run.sense.see(at("box", [0.4 + 0.004 * rng.normal(), 0, 0.1], upright, 0.004), run.tool), false);
  assert.ok(Math.abs(run.sense.held!.pose[3]) < 0.0015, `${run.sense.held!.pose[3]}`);
  assert.ok(run.sense.held!.positionStd <= 0.001 + 1e-9);
  const gone = at("box", [0.6, 0.3, 0.03], upright, 0.004);
  assert.deepEqual(
    [0, 1, 2].map(() => run.sense.see(gone, run.tool)),
    [false, false, true],
  );
  run.objects.set("box", gone);
  assert.equal(run.go(0.2, 0.04)!.id, UNKNOWN);
});

test("the pose in the hand is the same whatever the tool's pose: T_tool⁻¹ T_belief", () => {
  const rng = new Rng(4);
  for (let i = 0; i < 20; i++) {
    const q: Quat = [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
      tool = pose([rng.range(-1, 1), rng.range(-1, 1), rng.range(0, 1)], q);
    const inHand = transformFromQuat(new Float64Array(12), 0, [0.02, -0.03, 0.01, 1], [0.003, 0, 0.01]);
    const world = mulTransform(new Float64Array(12), 0, tool, 0, inHand, 0);
    const turn = transformFromQuat(new Float64Array(12), 0, [0.02, -0.03, 0.01, 1], [0, 0, 0]);
    const toTool = invertTransform(new Float64Array(12), 0, tool, 0);
    assert.ok(toTool.every(Number.isFinite));
    const belief = at("box", [world[3], world[7], world[11]], quatOf(tool, turn));
    const run = new Run([boxThing("box")], [belief]);
    run.tool = tool;
    const held = run.go(0.8, 0.042)!;
    for (const k of [3, 11]) assert.ok(Math.abs(held.pose[k] - inHand[k]) < 1e-9, `${k}: ${held.pose[k]}`);
  }
});

/** The quaternion of a·b, by axis and angle. */
function quatOf(a: Float64Array, b: Float64Array): Quat {
  const m = mulTransform(new Float64Array(12), 0, a, 0, b, 0);
  const w = Math.sqrt(Math.max(0, 1 + m[0] + m[5] + m[10])) / 2;
  return [(m[9] - m[6]) / (4 * w), (m[2] - m[8]) / (4 * w), (m[4] - m[1]) / (4 * w), w];
}
