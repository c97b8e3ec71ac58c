import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { defaultAgent } from "../../src/cli/defaultAgent.js";
import { defaultScene } from "../../src/cli/defaultScene.js";
import { boundingBall, drawScene, loadSceneConfig, partsOf, thingOf, type Solid } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { createGoal, worstBlock } from "../../src/cost/index.js";

const CARD = ["pick_and_place", "stack", "clear_table", "coffee"];
const [NEAREST, FARTHEST] = [0.3, 0.63]; // m from the base's axis, where arm7's hand can point down
const APART = 0.12; // m
const LEAST = 0.04; // m high: the finger tips stay off the table

for (const task of CARD)
  describe(`task ${task}`, () => {
    const scene = loadSceneConfig(defaultScene(task));
    const setup = loadSetup({ robot: scene.robot, agent: defaultAgent(task), scene: defaultScene(task) });
    const read = readTask(
      task,
      setup,
      scene.objects.map(({ id }) => id),
      scene.objects.map(thingOf),
    );

    it("runs with the agent that has a hand, in the scene of its name, and binds to what is there", () => {
      assert.deepEqual([defaultAgent(task), scene.name], ["hands", task]);
      assert.ok("spec" in read, JSON.stringify(read));
      assert.deepEqual(structuredClone(read.spec), read.spec);
    });

    it("is not done at the start, whatever is drawn", () => {
      for (let seed = 0; seed < 20; seed++) {
        const drawn = drawScene(scene, new Rng(seed));
        const objects = new Map(drawn.objects.map((o) => [o.id, { ...o, positionStd: 0, stamp: 0 }] as const));
        const q = setup.arm.home,
          from = { stamp: 0, q, v: q, objects, bodies: [] };
        assert.ok("spec" in read);
        const done = read.spec.goal.every((goal) => {
          const residual = createGoal(goal, { nq: setup.arm.nq, limits: setup.arm.limits }),
            r = new Float64Array(residual.dim);
          residual.evaluate({ q, v: q, iq: 0, tool: new Float64Array(12), it: 0, J: new Float64Array(0), from }, r);
          return worstBlock(residual.blocks, r) <= 1;
        });
        assert.ok(!done, `seed ${seed}`);
      }
    });

    it("has things that the hand can grasp, within reach and apart, whatever is drawn", () => {
      const { apertures } = setup.arm.gripper!;
      for (let seed = 0; seed < 100; seed++) {
        const { objects } = drawScene(scene, new Rng(seed));
        for (const [i, o] of objects.entries()) {
          const [x, y] = o.position,
            r = Math.hypot(x, y);
          assert.ok(r > NEAREST && r < FARTHEST, `${o.id} is ${r} m from the base's axis`);
          for (const other of objects.slice(0, i))
            assert.ok(Math.hypot(other.position[0] - x, other.position[1] - y) >= APART, `${o.id} and ${other.id}`);
          const [width, height] = sizeOf(o);
          assert.ok(width < apertures[apertures.length - 1] - 0.01, `${o.id} is ${width} m wide`);
          assert.ok(height >= LEAST && Math.abs(o.position[2] - height / 2) < 1e-9, `${o.id} stands on the table`);
        }
      }
    });
  });

/** The least width and the height of an object, m. */
function sizeOf(o: ReturnType<typeof loadSceneConfig>["objects"][number]): readonly [number, number] {
  switch (o.kind) {
    case "box":
      return [Math.min(o.config.size[0], o.config.size[1]), o.config.size[2]];
    case "cylinder":
    case "cup":
      return [2 * o.config.radius, o.config.height];
    default: {
      const { radius } = boundingBall(partsOf<Solid>(o)[0] as Solid);
      return [2 * radius, 2 * radius];
    }
  }
}
