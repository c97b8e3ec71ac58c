import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { PerceptionThread } from "../../src/runtime/threads/PerceptionThread.js";
import type { Percept } from "../../src/core/Percept.js";
import { ObservationBuffer } from "../../src/memory/ObservationBuffer.js";
import { resolveModel } from "../../src/worldmodel/learned/onnx/index.js";
import { BeliefMemory } from "../../src/memory/beliefs/BeliefMemory.js";
import { golden, goldenImages, modelFolder } from "../worldmodel/learned/onnx/models.js";

const folder = modelFolder("tiny");
const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const images = goldenImages(folder);
const want = golden(folder).encoder.outputs.z;
const posture = new Float32Array(17);
const image = (stamp: number, i: number, side = 64) => ({
  stamp,
  width: side,
  height: side,
  data: side === 64 ? images[i] : new Uint8Array(side * side * 3),
});

describe("the thread that understands images", () => {
  it(
    "tells of the first and the newest image where many come at once, " + "in order, and of every picture asked for",
    async () => {
      const seen: Percept[] = [];
      let told!: () => void;
      const last = new Promise<void>((resolve) => (told = resolve));
      const perception = new PerceptionThread(
        { folder, arm },
        { seen: (s) => (seen.push(s), s.stamp === 9 && told()), failed: assert.fail },
      );
      await perception.started();
      for (let stamp = 0; stamp < 10; stamp++) perception.look(image(stamp, stamp % 2), posture);
      const pictures = await Promise.all([0, 1, 0].map((i) => perception.see(image(-1, i))));
      pictures.forEach(({ z }, n) => z.forEach((x, d) => assert.ok(Math.abs(x - want[8 * (n % 2) + d]) < 1e-5)));
      await last;
      assert.deepEqual(
        seen.map((s) => s.stamp),
        [0, 9],
      );
      seen[1].z.forEach((x, d) => assert.ok(Math.abs(x - want[8 + d]) < 1e-5));
      await perception.end();
    },
  );

  it("says why an image cannot be understood, and goes on", async () => {
    const faults: string[] = [];
    let told!: (s: Percept) => void;
    const percept = new Promise<Percept>((resolve) => (told = resolve));
    const perception = new PerceptionThread({ folder, arm }, { seen: told, failed: (why) => faults.push(why) });
    perception.look(image(1, 0, 32), posture);
    perception.look(image(2, 0), posture);
    assert.equal((await percept).stamp, 2);
    assert.match(faults.join(), /image: got 32 × 32 pixels, want 64 × 64/);
    await assert.rejects(perception.see(image(3, 0, 16)), /got 16 × 16 pixels/);
    await perception.end();
  });

  it(
    "ends between two runs of its graphs, at whatever instant: " +
      "ended in the midst of one it would take the process with it",
    async () => {
      const shipped = resolveModel("pucks"); // a run of it takes milliseconds
      for (let i = 0; i < 5; i++) {
        const perception = new PerceptionThread(
          { folder: shipped, arm },
          { seen: () => undefined, failed: assert.fail },
        );
        await perception.started();
        for (let n = 0; n < 200; n++) void perception.see(image(n, n % 2));
        await new Promise((resolve) => setTimeout(resolve, 5 + 5 * i));
        await perception.end();
      }
    },
  );

  it("does not begin with a folder that holds no model", async () => {
    const perception = new PerceptionThread(
      { folder: "/nowhere", arm },
      { seen: () => assert.fail("it saw"), failed: () => undefined },
    );
    await assert.rejects(perception.started(), /\/nowhere\/manifest\.json:1:1: got no readable file/);
    await perception.end();
  });
});

describe("what was seen", () => {
  it("joints at an image's time lie between the observations around it", () => {
    const buffer = new ObservationBuffer(2, 10, 8);
    const q = new Float64Array(2);
    assert.equal(buffer.at(1, q), false);
    for (let i = 0; i < 12; i++) buffer.push(0.1 * i, [i, i * i], [0, 0]); // the ring has gone round
    for (const [t, x, y] of [
      [0.5, 5, 25],
      [0.55, 5.5, 30.5],
      [1.1, 11, 121],
      [2, 11, 121],
      [0, 4, 16],
    ]) {
      assert.ok(buffer.at(t, q));
      assert.ok(Math.abs(q[0] - x) < 1e-9 && Math.abs(q[1] - y) < 1e-9, `${t}: ${q}`);
    }
  });

  it("read-outs are believed as long as nobody else tells of objects", () => {
    const memory = new BeliefMemory({ speeds: { person: 1.6, object: 0.5 }, noise: 0.02, reach: 1 });
    const percept = (stamp: number): Percept => ({
      stamp,
      z: new Float32Array(0),
      objects: [{ id: "red", position: [stamp, 0, 0], std: 0.02 }],
      tool: [0, 0, 0],
    });
    memory.seePercept(percept(1));
    assert.equal(memory.objectsById.get("red")!.position[0], 1);
    assert.equal(memory.objectsById.get("red")!.positionStd, 0.02);
    memory.seeObjects(2, [{ id: "red", position: [7, 0, 0], orientation: [0, 0, 0, 1], positionStd: 0, stamp: 2 }], 2);
    memory.seePercept(percept(2.5));
    assert.equal(memory.objectsById.get("red")!.position[0], 7);
    memory.seePercept(percept(5));
    assert.equal(memory.objectsById.get("red")!.position[0], 5);
  });
});
