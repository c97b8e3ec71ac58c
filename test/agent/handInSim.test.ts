import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HandTracker } from "../../src/agent/HandTracker.js";
import { trackingBounds } from "../../src/agent/robot/trackingBounds.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { seeObjects } from "../../src/agent/seeObjects.js";
import { parseScene, parseYaml, thingOf } from "../../src/config/index.js";
import { parseUrdf } from "../../src/kinematics/index.js";
import { BeliefMemory } from "../../src/memory/beliefs/BeliefMemory.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import { SimRobot } from "../../src/sim/physics/SimRobot.js";

const setup = loadSetup({ robot: "arm7", agent: "default" }),
  { arm } = setup;
const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));

/** A thing near the middle between the pads at home, seen with noise, and the tracker that hears of all that. */
async function world(shape: string, { friction = 0.6, force = 40, off = 0 } = {}) {
  const text =
    `name: hand\nrobot: arm7\nobjects:\n  - { id: thing, ${shape}, mass: 200 g, friction: ${friction}, ` +
    "position: [0, 0, 2 m] }\n" +
    "  - { id: other, box: { size: [4 cm, 4 cm, 4 cm] }, mass: 200 g, position: [0.7, 0.3, 0.02] }\n";
  const scene = parseScene(parseYaml(text, "hand.yaml"));
  const simulation = await Simulation.create({ urdf, arm, scene, seed: 1 });
  const robot = new SimRobot(simulation, { objects: true, objectStd: 0.003, seed: 4 });
  const beliefs = new BeliefMemory(trackingBounds(setup)),
    hand = new HandTracker(setup, beliefs),
    things = scene.objects.map(thingOf);
  robot.observations.subscribe(({ stamp, q, others }) => {
    hand.arm(stamp, q);
    assert.equal(hand.take(stamp, others!, simulation.time), "");
  });
  robot.objects.subscribe((objects) => {
    const stamp = simulation.time;
    seeObjects(
      { beliefs, hand },
      stamp,
      objects.map((o) => ({ ...o, stamp })),
      things,
      stamp,
    );
  });
  const tell = (aperture: number): void => {
    const command = { stamp: simulation.time, aperture, speed: 0.2, force };
    robot.sendHand(command);
    hand.expect(command);
  };
  tell(0.08);
  robot.advance(0.5);
  const { position: p } = simulation.tool();
  const put = {
    action: "move",
    target: "thing",
    position: [p[0], p[1] + off, p[2]],
    orientation: [0, 0, 0, 1],
  } as const;
  simulation.perturb(put);
  simulation.perturb({ action: "freeze", target: "thing" });
  robot.advance(1.2); // it is looked at
  /** Closes on it: it is free once the pads are near. */
  const close = (width: number): void => {
    tell(Math.max(0, width - 0.02));
    while (beliefs.inHand.hand!.aperture > width + 2 * Math.abs(off) + 0.004) robot.advance(0.01);
    simulation.perturb({ action: "unfreeze", target: "thing" });
    robot.advance(0.6);
  };
  /** Distance of where it is believed from where it is, m. */
  const error = (): number => {
    const [{ position }] = simulation.objects();
    return Math.hypot(...position.map((x, i) => x - beliefs.objectsById.get("thing")!.position[i]));
  };
  return { simulation, robot, beliefs, tell, close, error };
}

describe("the hand of the plant, as the agent senses it", () => {
  for (const [name, shape, width, off] of [
    ["a box", "box: { size: [4 cm, 4 cm, 6 cm] }", 0.04, 0],
    ["a box 6 mm beside the middle", "box: { size: [4 cm, 4 cm, 6 cm] }", 0.04, 0.006],
    ["a can", "cylinder: { radius: 2.5 cm, height: 8 cm }", 0.05, 0],
    ["a ball", "sphere: { radius: 2.5 cm }", 0.05, 0],
    ["a cup", "cup: { radius: 3 cm, height: 8 cm }", 0.06, 0],
  ] as const)
    it(`${name}: seen with 3 mm of noise it is believed within 2 mm, held, and carried within 3 mm`, async () => {
      const { simulation, robot, beliefs, close, error, tell } = await world(shape, { off });
      assert.ok(error() < 0.002, `seen ${(1000 * error()).toFixed(1)} mm off`);
      close(width);
      assert.deepEqual([simulation.held(), beliefs.inHand.held?.id], ["thing", "thing"]);
      for (const [move, time] of [
        [0.5, 2],
        [-0.4, 2],
      ]) {
        const to = Array.from(arm.home, (x, j) => (j === 0 ? x + move : x));
        simulation.accept({
          jointNames: arm.jointNames,
          points: [{ positions: to, velocities: to.map(() => 0), accelerations: [], timeFromStart: time }],
        });
        for (let t = 0; t < time; t += 0.1) {
          robot.advance(0.1);
          assert.ok(error() < 0.003, `${(1000 * error()).toFixed(1)} mm off on the way`);
          assert.equal(beliefs.inHand.held?.id, "thing");
        }
      }
      tell(0.08);
      robot.advance(0.3);
      assert.deepEqual([simulation.held(), beliefs.inHand.held], [undefined, undefined]);
    });

  it("a thing that slips out for want of friction is lost to both within a quarter of a second", async () => {
    const { simulation, robot, beliefs, close } = await world("box: { size: [4 cm, 4 cm, 6 cm] }", {
      friction: 0.1,
      force: 7,
    });
    close(0.04);
    let gone: number | undefined;
    for (let t = 0; t < 3; t += 0.01) {
      robot.advance(0.01);
      if (simulation.held() === undefined) gone ??= simulation.time;
      if (gone !== undefined && simulation.time > gone + 0.25) break;
    }
    assert.ok(gone !== undefined && beliefs.inHand.held === undefined, `${gone} ${beliefs.inHand.held?.id}`);
  });

  it("a hand that closes on nothing, or opens, holds nothing", async () => {
    const { simulation, robot, beliefs, tell } = await world("box: { size: [4 cm, 4 cm, 6 cm] }", { off: 0.2 });
    tell(0);
    for (let t = 0; t < 1; t += 0.02) {
      robot.advance(0.02);
      assert.equal(beliefs.inHand.held, undefined);
    }
    tell(0.08);
    robot.advance(0.5);
    assert.equal(beliefs.inHand.held, undefined);
    assert.equal(simulation.held(), undefined);
  });
});
