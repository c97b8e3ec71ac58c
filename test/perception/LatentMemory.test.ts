import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { loadModel } from "../../src/worldmodel/learned/onnx/index.js";
import { ImageEncoder } from "../../src/perception/ImageEncoder.js";
import { LatentMemory } from "../../src/perception/LatentMemory.js";
import { golden, goldenImages, modelFolder } from "../worldmodel/learned/onnx/models.js";

describe("LatentMemory", async () => {
  const folder = modelFolder("noisy");
  const model = await loadModel(folder);
  const { dt } = model.manifest;
  const { arm } = loadSetup({ robot: "arm7", agent: "default" });
  const images = goldenImages(folder);
  const image = (stamp: number, i: number) => ({ stamp, width: 64, height: 64, data: images[i] });
  const u = golden(folder).memory.inputs.u as Float32Array;
  const [before, now] = [u.slice(0, 17), u.slice(17)];
  const want = golden(folder).memory.outputs;
  const seen = await Promise.all([0, 1].map((i) => new ImageEncoder(model).see(image(0, i))));

  it("believes what its maker does, one step after an image", async () => {
    const memory = new LatentMemory(model, arm);
    assert.deepEqual((await memory.see(image(7, 0), before)).z, seen[0].z);
    const percept = await memory.see(image(7 + dt, 1), now);
    percept.z.forEach((x, d) => assert.ok(Math.abs(x - want.believed[d]) < 1e-5));
    percept.objects.forEach(({ position }, o) =>
      position.forEach((x, c) => assert.ok(Math.abs(x - want.objects[3 * o + c]) < 1e-5)),
    );
  });

  it("goes on from the moment nearest to a step ago, however fast the images come", async () => {
    const memory = new LatentMemory(model, arm);
    await memory.see(image(1, 0), before);
    // less than half a step after all others
    for (const late of [0.1, 0.2, 0.3]) assert.deepEqual((await memory.see(image(1 + late * dt, 1), now)).z, seen[1].z);
    const percept = await memory.see(image(1 + dt, 1), now);
    percept.z.forEach((x, d) => assert.ok(Math.abs(x - want.believed[d]) < 1e-5));
  });

  it(
    "believes what it sees after a gap, when time begins anew, " + "of a picture, and where the model has no memory",
    async () => {
      const memory = new LatentMemory(model, arm);
      await memory.see(image(5, 0), before);
      assert.deepEqual((await memory.picture(image(5 + dt, 1))).z, seen[1].z);
      assert.deepEqual((await memory.see(image(5 + 2 * dt, 1), now)).z, seen[1].z);
      assert.deepEqual((await memory.see(image(2, 1), now)).z, seen[1].z);
      const without = new LatentMemory({ ...model, memory: undefined }, arm);
      await without.see(image(5, 0), before);
      assert.deepEqual((await without.see(image(5 + dt, 1), now)).z, seen[1].z);
    },
  );
});
