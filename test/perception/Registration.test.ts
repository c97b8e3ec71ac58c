import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Bench } from "../../src/evaluation/worldmodel/Bench.js";
import { OWN, UNSEEN } from "../../src/evaluation/worldmodel/drawViews.js";
import type { View } from "../../src/evaluation/worldmodel/View.js";
import type { Image } from "../../src/core/Observation.js";
import { Posture } from "../../src/kinematics/Posture.js";
import { loadModel, resolveModel } from "../../src/worldmodel/learned/onnx/index.js";
import { ImageEncoder } from "../../src/perception/ImageEncoder.js";
import { Registration } from "../../src/perception/Registration.js";
import { trials } from "../trials.js";

const IMAGES = trials(10);

describe("Registration", async () => {
  const bench = await Bench.create(3);
  const model = await loadModel(resolveModel("pucks"));
  const { world } = bench;
  const encoder = new ImageEncoder(model),
    posture = new Posture(world.setup.arm);
  after(() => bench.dispose());

  const begun = (i: number): { readonly views: ReadonlyMap<string, View>; readonly q: Float32Array } => {
    const { seed, start, views } = bench.episode(i % 2 === 0 ? "push" : "reach", i);
    world.begin(seed, start);
    return { views, q: posture.of(world.simulation.q) };
  };
  const shot = (view: View, stamp = 0): Image => ({
    stamp,
    width: view.width,
    height: view.height,
    data: world.shoot(view),
  });
  const evaluated = async (registration: Registration, image: Image, q: Float32Array): Promise<boolean> =>
    registration.evaluate(image, await encoder.read(registration.straighten(image)), q);
  /** How far tool and objects are read from where they are, m, on average over the objects. */
  const errors = async (image: Image): Promise<[number, number]> => {
    const { tool, objects } = await encoder.read(image);
    const truth = world.objects();
    const off = model.manifest.objects.map((id, i) =>
      Math.hypot(...[0, 1].map((c) => objects[3 * i + c] - truth[3 * bench.objects.indexOf(id) + c])),
    );
    return [Math.hypot(...world.tool().map((x, c) => tool[c] - x)), off.reduce((a, b) => a + b) / off.length];
  };
  const median = (x: number[]): number => x.sort((a, b) => a - b)[x.length >> 1];

  it("leaves the images of a camera that stands where it stood in training as they are", async () => {
    let moved = 0;
    for (let i = 0; i < IMAGES; i++) {
      const { views, q } = begun(i),
        registration = new Registration(model),
        image = shot(views.get(OWN)!);
      if (await evaluated(registration, image, q)) moved++;
      else assert.equal(registration.straighten(image), image);
    }
    assert.ok(moved <= 0.1 * IMAGES, `${moved} of ${IMAGES}`);
  });

  it(
    "finds from one image of the arm how a camera stands that was moved by up to 3 cm and 3°: " +
      "what is read in it is right again",
    async () => {
      const raw: number[][] = [[], []],
        straight: number[][] = [[], []];
      for (let i = 0; i < IMAGES; i++) {
        const { views, q } = begun(i),
          registration = new Registration(model),
          image = shot(views.get(UNSEEN[1])!);
        (await errors(image)).forEach((x, k) => raw[k].push(x));
        await evaluated(registration, image, q);
        (await errors(registration.straighten(image))).forEach((x, k) => straight[k].push(x));
      }
      const [[tool, objects], [toolThen, objectsThen]] = [raw.map(median), straight.map(median)];
      assert.ok(tool > 0.04 && objects > 0.04, `not moved enough: ${tool}, ${objects}`);
      assert.ok(toolThen < 0.01 && objectsThen < 0.025, `tool ${toolThen}, objects ${objectsThen}`);
    },
  );

  it("finds it again when the camera is moved while it looks, and when it is put back", async () => {
    const { views, q } = begun(1),
      registration = new Registration(model);
    let stamp = 0;
    for (const name of [OWN, UNSEEN[1], OWN, UNSEEN[0]]) {
      for (let k = 0; k < 3; k++) await evaluated(registration, shot(views.get(name)!, (stamp += 100)), q);
      const [tool] = await errors(registration.straighten(shot(views.get(name)!)));
      assert.ok(tool < 0.015, `${name}: ${tool}`);
    }
  });

  it("believes nothing of images that no camera's place explains, and searches ever more seldom", async () => {
    const { q } = begun(0),
      registration = new Registration(model);
    const { width, height } = model.manifest.image;
    const image = (stamp: number): Image => ({
      stamp,
      width,
      height,
      data: new Uint8Array(3 * width * height).fill(127),
    });
    let long = 0;
    for (let stamp = 0; stamp < 120; stamp++) {
      const before = performance.now();
      assert.equal(await evaluated(registration, image(stamp), q), false);
      if (performance.now() - before > 30) long++;
      assert.equal(registration.moved, false);
    }
    assert.ok(long <= 12, `${long} searches of 120 images`);
  });
});
