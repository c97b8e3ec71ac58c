import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { armOptions } from "../../../src/agent/robot/armOptions.js";
import { loadRobotConfig, parseYaml } from "../../../src/config/index.js";
import { parseScene } from "../../../src/config/SceneConfig.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { armFromUrdf, Kinematics, parseUrdf } from "../../../src/kinematics/index.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { SimRobot } from "../../../src/sim/physics/SimRobot.js";
import { trials } from "../../trials.js";

const GIVE = 0.003; // m, that a thing may move in the hand
const robotConfig = loadRobotConfig("arm7");
const urdf = parseUrdf(readFileSync(robotConfig.urdf!, "utf8"));
const arm = armFromUrdf(urdf, armOptions(robotConfig));

/** A thing between the pads of the hand at home, high above the ground; `close` grips it. */
async function grasp(shape: string, width: number, { mass = 0.2, friction = 0.6, force = 40 } = {}) {
  const scene = parseScene(
    parseYaml(
      "name: hand\nrobot: arm7\nobjects:\n" +
        `  - { id: thing, ${shape}, mass: ${mass}, friction: ${friction}, position: [0, 0, 2 m] }\n`,
      "hand.yaml",
    ),
  );
  const simulation = await Simulation.create({ urdf, arm, scene, seed: 1 });
  const robot = new SimRobot(simulation),
    kinematics = new Kinematics(arm);
  const tool = (): Float64Array => {
    kinematics.forward(simulation.q, 0);
    return kinematics.tool;
  };
  const hand = (aperture: number): void => robot.sendHand({ stamp: 0, aperture, speed: 0.2, force });
  const run = (time: number): void => simulation.step(time);
  hand(width + 0.002);
  run(0.6);
  const [, , , x, , , , y, , , , z] = tool();
  simulation.perturb({ action: "move", target: "thing", position: [x, y, z], orientation: [0, 0, 0, 1] });
  hand(width - 0.01);
  run(0.4);
  /** Where the thing is in the hand, m. */
  const place = (): number[] => {
    const at = tool(),
      { position: p } = simulation.objects()[0];
    return [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, k) => sum + at[4 * k + i] * (p[k] - at[4 * k + 3]), 0));
  };
  return { simulation, robot, run, place };
}

/** Motion at the limits of the joints: from rest to rest, one way after another, as fast as each joint may. */
function shake({ simulation, run, place }: Awaited<ReturnType<typeof grasp>>, time: number, seed: number): number[] {
  const rng = new Rng(seed),
    { velocity, acceleration, lo, hi } = arm.limits,
    from = place(),
    rest = arm.jointNames.map(() => 0),
    off: number[] = [];
  for (const end = simulation.time + time; simulation.time < end;) {
    const q = Array.from(simulation.q);
    const to = q.map((_, j) => Math.max(lo[j], Math.min(hi[j], arm.home[j] + rng.range(-0.6, 0.6))));
    const way = Math.max(
      0.1,
      ...q.map((x, j) =>
        Math.max((1.5 * Math.abs(to[j] - x)) / velocity[j], Math.sqrt((6 * Math.abs(to[j] - x)) / acceleration[j])),
      ),
    );
    const point = (positions: number[], timeFromStart: number) => ({
      positions,
      velocities: rest,
      accelerations: [],
      timeFromStart,
    });
    simulation.accept({ jointNames: arm.jointNames, points: [point(q, 0), point(to, way)] });
    for (let n = 0; n < 10; n++) {
      run(way / 10);
      off.push(Math.hypot(...place().map((x, i) => x - from[i])));
    }
  }
  return off;
}

describe("the hand of the plant", () => {
  for (const [name, shape, width] of [
    ["a box", "box: { size: [4 cm, 4 cm, 6 cm] }", 0.04],
    ["a can", "cylinder: { radius: 2.5 cm, height: 8 cm }", 0.05],
    ["a ball", "sphere: { radius: 2.5 cm }", 0.05],
    ["a cup", "cup: { radius: 3 cm, height: 8 cm }", 0.06],
  ] as const)
    it(`keeps ${name} in motion at the limits`, async () => {
      const held = await grasp(shape, width);
      assert.equal(held.simulation.held(), "thing");
      const off = shake(held, trials(6), 1);
      assert.ok(Math.max(...off) < GIVE, `${name} moved by ${(1000 * Math.max(...off)).toFixed(2)} mm in the hand`);
      assert.equal(held.simulation.held(), "thing");
    });

  it("loses what it holds with too little force or friction, as Coulomb's law says, and nothing else", async () => {
    // of weight m g = 1.96 N two sides with μ F carry 2 μ F
    for (const [friction, force, holds] of [
      [0.5, 3, true], // 3 N
      [0.5, 1.4, false], // 1.4 N
      [0.1, 15, true],
      [0.1, 7, false],
    ] as const) {
      const held = await grasp("box: { size: [4 cm, 4 cm, 6 cm] }", 0.04, { friction, force });
      const [, , before] = held.place();
      held.run(1);
      const slid = Math.abs(held.place()[2] - before);
      assert.equal(slid < GIVE, holds, `μ ${friction}, ${force} N: slid by ${(1000 * slid).toFixed(1)} mm in 1 s`);
    }
  });

  it("presses with the force that it is told, and says so in its joint states", async () => {
    for (const force of [5, 20, 40]) {
      const { simulation } = await grasp("box: { size: [4 cm, 4 cm, 6 cm] }", 0.04, { force });
      // one driven joint moves both pads: τ = F ∂a/∂q = 2 F
      assert.ok(Math.abs(Math.abs(simulation.otherJoints().efforts[0]) - 2 * force) < 0.02 * force);
    }
  });

  it("holds nothing of a cup but its walls: a hand inside it stays open", async () => {
    const { simulation, robot, run } = await grasp("cup: { radius: 5 cm, height: 8 cm, wall: 4 mm }", 0.03);
    robot.sendHand({ stamp: 0, aperture: 0.02, speed: 0.2, force: 10 });
    simulation.perturb({ action: "freeze", target: "thing" });
    run(0.5);
    assert.ok(Math.abs(2 * simulation.otherJoints().positions[0] - 0.02) < 0.002);
    assert.equal(simulation.held(), undefined);
  });

  it("goes on from a saved state with the same bits", async () => {
    const held = await grasp("box: { size: [4 cm, 4 cm, 6 cm] }", 0.04);
    const moment = held.simulation.save(),
      first = shake(held, 1, 5);
    held.simulation.restore(moment);
    assert.deepEqual(shake(held, 1, 5), first);
  });
});
