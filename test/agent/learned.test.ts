import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadAllModels, loadLearned } from "../../src/agent/setup/loadModels.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { planOnce } from "../../src/agent/planOnce.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { WorkClock } from "../../src/agent/WorkClock.js";
import type { State } from "../../src/core/State.js";
import type { TaskSpec } from "../../src/cost/index.js";
import { ImageEncoder } from "../../src/perception/ImageEncoder.js";
import { goldenImages, modelFolder, type ModelName } from "../worldmodel/learned/onnx/models.js";
import { InProcess } from "./inProcess.js";
import { learnedAgent } from "./learned.js";

const load = (model: ModelName, ...changes: readonly (readonly [string, string])[]) =>
  loadSetup({ robot: "arm7", agent: learnedAgent(model, ...changes), scene: "pucks" });
const task = (setup: ReturnType<typeof load>, text: string): TaskSpec => {
  const read = readTask(text, setup, []);
  if ("code" in read) throw new Error(read.message);
  return read.spec;
};

describe("an agent with a learned world model", () => {
  for (const [model, samples] of [
    ["tiny", 1],
    ["noisy", 4],
  ] as const)
    it(`plans so that, as its model ${model} has it, the object comes to its place`, async () => {
      const setup = load(
        model,
        ["energy: {", `samples: ${samples}\n      energy: {`],
        ["nearness: 0.5", "nearness: 0"],
      );
      const learned = (await loadLearned(setup))!;
      const percept = await new ImageEncoder(learned).see({
        stamp: 0,
        width: 64,
        height: 64,
        data: goldenImages(modelFolder(model))[0],
      });
      const [x, y] = percept.objects[0].position;
      const from: State = {
        stamp: 0,
        q: setup.arm.home,
        v: new Float64Array(7),
        percept: { z: percept.z, q: setup.arm.home },
        objects: new Map(),
        bodies: [],
      };
      for (const [dx, dy] of [
        [0.06, 0],
        [0, 0.08],
        [-0.05, -0.05],
      ]) {
        const spec = task(
          setup,
          `goal: [{ object_at: { object: red, position: [${x + dx}, ${y + dy}], tolerance: 1 cm } }]`,
        );
        const { plans, error } = await planOnce(setup, spec, from, {
          seed: 1,
          clock: new WorkClock(0),
          deadline: 10,
          models: [{ world: learned }],
        });
        assert.ok(plans.every((p) => p.feasible) && plans.length === 2);
        assert.ok(error <= 1, `${error} tolerances off`);
        const tool = plans[0].predicted!;
        assert.deepEqual(tool.ids, ["red", "blue"]);
        assert.ok(plans[0].timed);
      }
    });

  it("in one process: same seed, same images, same commands, bit for bit; another seed, others", async () => {
    const text = "goal: [{ object_at: { object: red, position: [0.5 m, 0 m] } }]";
    const run = async (seed: number): Promise<Float64Array[]> => {
      const one = await InProcess.create({
        scene: "pucks",
        agent: learnedAgent("tiny"),
        task: text,
        seed: 1,
        searchSeed: seed,
      });
      await one.run(1.2);
      one.simulation.dispose();
      return one.commands;
    };
    const [a, b, c] = [await run(3), await run(3), await run(4)];
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
    assert.ok(
      a.at(-1)!.some((q, j) => Math.abs(q - a[0][j]) > 0.01),
      "nothing moved",
    );
  });

  it("knows of the objects that its model reads out of images, and binds goals for no others", () => {
    const setup = load("tiny");
    task(setup, "goal: [{ object_at: { object: blue, position: [0.5, 0] } }]");
    const refused = readTask("goal: [{ object_at: { object: green, position: [0.5, 0] } }]", setup, ["green"]);
    assert.ok(
      "code" in refused &&
        /got 'green', want an object whose motion the world model predicts: red, blue/.test(refused.message),
    );
    assert.ok(
      "code" in
        readTask(
          "goal: [{ object_at: { object: blue, position: [0.5, 0] } }]",
          loadSetup({ robot: "arm7", agent: "default" }),
          ["blue"],
        ),
    );
  });

  it("a model for another step of time, another arm, or a second one is refused with the reason", async () => {
    const other = load("tiny", ["dt: 0.4 s", "dt: 0.5 s"]);
    const from: State = {
      stamp: 0,
      q: other.arm.home,
      v: new Float64Array(7),
      percept: { z: new Float32Array(8), q: other.arm.home },
      objects: new Map(),
      bodies: [],
    };
    const spec = task(other, "goal: [{ object_at: { object: red, position: [0.5, 0] } }]");
    await assert.rejects(
      planOnce(other, spec, from, {
        seed: 1,
        clock: new WorkClock(0),
        deadline: 1,
        models: await loadAllModels(other),
      }),
      /dt: got 0\.4 s, want 0\.5 s/,
    );
    assert.throws(
      () => load("tiny", ["model: joint_velocity", "model: joint_velocity\n    learned: { model: x }"]),
      /levels\[1\]\.learned: got the model 'x', want .*tiny.*, the model of the other levels/,
    );
    assert.throws(
      () =>
        loadSetup({ robot: "arm7", agent: learnedAgent("tiny", [`model: ${modelFolder("tiny")}`, "model: no_such"]) }),
      /models: got 'no_such'/,
    );
  });

  for (const subgoal of ["path", "scene", "latent"])
    it(`a second learned level comes to the ${subgoal} that the plan above hands down`, async () => {
      const second = `
  - name: push
    model: tool_displacement
    tool: { axes: [x, y, z], step: 6 cm, box: { low: [0.3 m, -0.34 m, 3 cm], high: [0.66 m, 0.34 m, 25 cm] } }
    learned: { model: ${modelFolder("tiny")}, reach: 10 m }
    subgoal: ${subgoal}
    dt: 0.4 s
    horizon: 2
    period: 0.4 s
    search: { method: cem, samples: 64, iterations: 4, noise: 0.6 }
    clearance: { distance: 5 mm, weight: 0.1 }
  - name: motion`;
      const setup = load("tiny", ["\n  - name: motion", second]);
      const models = await loadAllModels(setup);
      const seen = await new ImageEncoder(models[1].world!).see({
        stamp: 0,
        width: 64,
        height: 64,
        data: goldenImages(modelFolder("tiny"))[0],
      });
      const { home } = setup.arm;
      const percept = { z: seen.z, q: home };
      const from: State = { stamp: 0, q: home, v: new Float64Array(7), percept, objects: new Map(), bodies: [] };
      const [x, y] = seen.objects[0].position;
      const spec = task(setup, `goal: [{ object_at: { object: red, position: [${x + 0.06}, ${y}] } }]`);
      const { plans } = await planOnce(setup, spec, from, { seed: 1, clock: new WorkClock(0), deadline: 10, models });
      assert.deepEqual(
        plans.map((p) => [p.level, p.feasible]),
        [
          ["world", true],
          ["push", true],
          ["motion", true],
        ],
      );
      const [top, below] = plans;
      // what the second level plans ends nearer to what the first one predicts for then than it began
      const off = (h: number): number => {
        const of = {
          path: () => [top.q.slice(4 * 7, 5 * 7), below.q.slice(2 * h * 7, (2 * h + 1) * 7)],
          scene: () => [top.predicted!.positions.slice(12, 18), below.predicted!.positions.slice(6 * h, 6 * h + 6)],
          latent: () => [top.z.slice(16, 24), below.z.slice(8 * h, 8 * h + 8)],
        }[subgoal]!;
        const [a, b] = of();
        return Math.hypot(...Array.from(a, (value, i) => value - b[i]));
      };
      assert.ok(off(2) < 0.5 * off(0), `${off(2)}, at first ${off(0)}`);
    });

  it("a latent or a scene is asked only of a level with a model, by a level with one", () => {
    for (const subgoal of ["latent", "scene"])
      assert.throws(
        () => load("tiny", ["model: joint_velocity", `model: joint_velocity\n    subgoal: ${subgoal}`]),
        new RegExp(`levels\\[1\\]\\.subgoal: got '${subgoal}', want a learned model here and in the level above`),
      );
  });
});
