import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadModel, ModelError } from "../../src/worldmodel/learned/onnx/index.js";
import { ImageEncoder } from "../../src/perception/ImageEncoder.js";
import { golden, goldenImages, modelFolder } from "../worldmodel/learned/onnx/models.js";

describe("ImageEncoder", async () => {
  const folder = modelFolder("tiny");
  const images = goldenImages(folder);
  const want = golden(folder).encoder.outputs;
  const model = await loadModel(folder);

  it("sees one image as it sees it among others", async () => {
    const [one, many] = [new ImageEncoder(model), new ImageEncoder(model, 4)];
    const all = (await many.encode([images[0], images[1], images[0]])).z;
    for (const [i, image] of [images[0], images[1], images[0]].entries())
      assert.deepEqual((await one.encode([image])).z.slice(), all.slice(8 * i, 8 * i + 8));
  });

  it("tells each object by its name where the read-out has it", async () => {
    const percept = await new ImageEncoder(model).see({ stamp: 3, width: 64, height: 64, data: images[1] });
    assert.equal(percept.stamp, 3);
    assert.deepEqual(
      percept.objects.map((o) => o.id),
      ["red", "blue"],
    );
    percept.objects.forEach(({ position, std }, i) => {
      for (let c = 0; c < 3; c++) assert.ok(Math.abs(position[c] - want.objects[6 + 3 * i + c]) < 1e-5);
      assert.ok(Math.abs(std - Math.hypot(...want.objects_sigma.slice(6 + 3 * i, 9 + 3 * i))) < 1e-5);
    });
    for (let c = 0; c < 3; c++) assert.ok(Math.abs(percept.tool[c] - want.tool[3 + c]) < 1e-5);
  });

  it("reads depth where the model has it", async () => {
    const deep = modelFolder("noisy");
    const { depth } = await new ImageEncoder(await loadModel(deep), 2).encode(goldenImages(deep));
    golden(deep).encoder.outputs.depth.forEach((x, i) => assert.ok(Math.abs(depth![i] - x) < 1e-5));
    assert.equal(depth!.length, 2 * 4 * 4);
    assert.equal((await new ImageEncoder(model).encode([images[0]])).depth, undefined);
  });

  it("refuses images of another size, and more than it has room for", async () => {
    const encoder = new ImageEncoder(model);
    await assert.rejects(
      encoder.encode([new Uint8Array(32 * 32 * 3)]),
      (e) => e instanceof ModelError && /image: got 3072 bytes, want 12288: 64 × 64/.test(e.message),
    );
    await assert.rejects(
      encoder.see({ stamp: 0, width: 32, height: 128, data: new Uint8Array(64 * 64 * 3) }),
      /image: got 32 × 128 pixels, want 64 × 64/,
    );
    await assert.rejects(encoder.encode([images[0], images[1]]), /images: got 2, want at most 1/);
  });
});
