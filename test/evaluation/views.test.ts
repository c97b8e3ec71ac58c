import assert from "node:assert/strict";
import { test } from "node:test";
import { Bench } from "../../src/evaluation/worldmodel/Bench.js";
import { DISTRACTED, OWN, UNSEEN } from "../../src/evaluation/worldmodel/drawViews.js";
import { sceneCameras } from "../../src/config/index.js";
import { SceneCamera } from "../../src/sim/index.js";

test("before a drifting floor the floor's pixels change and drift, and no others", async () => {
  const bench = await Bench.create(1);
  const { world } = bench;
  const { seed, start, views, goal } = bench.episode("push", 0);
  assert.deepEqual([...views.keys()], [OWN, ...UNSEEN]);
  assert.deepEqual([...goal.images.keys()], [...views.keys()]);
  world.begin(seed, start);
  const [[name, config]] = Object.entries(sceneCameras(world.scene));
  const { width, height } = config;
  const { segmentation } = new SceneCamera(name, { ...config, width: 2 * width, height: 2 * height }).measure(
    world.simulation,
  ); // the four rays of each pixel
  const floor = [world.simulation.labels().indexOf("background"), world.simulation.labels().indexOf("floor")];
  const own = world.shoot(views.get(OWN)!),
    distracted = world.shoot(views.get(DISTRACTED)!);
  world.execute(undefined, 0.4); // the arm stands still
  const later = world.shoot(views.get(DISTRACTED)!);
  const differs = (a: Uint8Array, b: Uint8Array, i: number): boolean =>
    [0, 1, 2].some((c) => a[3 * i + c] !== b[3 * i + c]);
  let open = 0,
    changed = 0,
    drifted = 0;
  for (let v = 0; v < height; v++)
    for (let u = 0; u < width; u++) {
      const i = v * width + u;
      const rays = [0, 1, 2 * width, 2 * width + 1].map((d) => segmentation[4 * v * width + 2 * u + d]);
      if (!rays.some((label) => floor.includes(label)))
        assert.equal(differs(own, distracted, i), false, `pixel ${u}, ${v}`);
      else {
        open++;
        if (differs(own, distracted, i)) changed++;
        if (differs(distracted, later, i)) drifted++;
      }
    }
  assert.ok(
    open > 0.1 * width * height && changed > 0.95 * open && drifted > 0.8 * open,
    `${changed} and ${drifted} of ${open}`,
  );
  world.begin(seed, start);
  assert.deepEqual(world.shoot(views.get(OWN)!), own); // the floor is back
  bench.dispose();
});
