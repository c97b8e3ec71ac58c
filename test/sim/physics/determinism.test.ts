import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { setupOf } from "../setups.js";

/** A reach to and fro with all joints, and all that happens in 2,000 steps, as one hash. */
async function story(seed: number): Promise<string> {
  const sim = await Simulation.create(setupOf("pucks", seed));
  const hash = createHash("sha256");
  const home = Array.from(sim.q);
  const goal = home.map((x, j) => x + (j === 1 ? 0.55 : 0.2));
  for (let k = 0; k < 400; k++) {
    if (k === 20)
      assert.equal(
        sim.accept({
          jointNames: sim.arm.jointNames,
          points: [{ timeFromStart: 1, positions: goal, velocities: goal.map(() => 0), accelerations: [] }],
        }),
        undefined,
      );
    if (k === 250)
      sim.accept({
        jointNames: sim.arm.jointNames,
        points: [{ timeFromStart: 1, positions: home, velocities: home.map(() => 0), accelerations: [] }],
      });
    sim.step(0.01);
    for (const x of [sim.q, sim.v, sim.effort]) hash.update(x);
    for (const o of sim.objects()) hash.update(Float64Array.of(...o.position, ...o.orientation));
    hash.update(JSON.stringify(sim.takeContacts()));
  }
  sim.dispose();
  return hash.digest("hex");
}

test(
  "same seed, same bits over 2,000 steps with contacts; " + "another seed, others; a reset is a new beginning",
  async () => {
    const first = await story(5);
    assert.equal(await story(5), first);
    assert.notEqual(await story(6), first);

    const sim = await Simulation.create(setupOf("pucks", 5));
    const fresh = JSON.stringify(sim.objects());
    sim.step(0.3);
    sim.reset({ seed: 9 });
    assert.notEqual(JSON.stringify(sim.objects()), fresh);
    assert.equal(sim.time, 0);
    sim.reset({ seed: 5 });
    assert.equal(JSON.stringify(sim.objects()), fresh);
    sim.dispose();
  },
);

test("a moment that is restored goes on with the same bits", async () => {
  const sim = await Simulation.create(setupOf("pucks", 5));
  const goal = Array.from(sim.q, (x, j) => x + (j === 1 ? 0.55 : 0.2));
  sim.accept({
    jointNames: sim.arm.jointNames,
    points: [{ timeFromStart: 1, positions: goal, velocities: goal.map(() => 0), accelerations: [] }],
  });
  sim.step(0.4);
  const moment = sim.save();
  const failSafe = (): string => {
    let text = "";
    for (let k = 0; k < 100; k++) {
      sim.step(0.01);
      text += sim.q.join() + JSON.stringify(sim.objects());
    }
    return text;
  };
  const first = failSafe();
  sim.restore(moment);
  assert.ok(Math.abs(sim.time - 0.4) < 1e-9);
  assert.equal(failSafe(), first);
  sim.dispose();
});

test("a heap that grows under a running simulation loses nothing", async () => {
  const alone = await Simulation.create(setupOf("pucks", 8));
  const first = await Simulation.create(setupOf("pucks", 8));
  alone.step(0.2);
  first.step(0.1);
  const crowd = await Promise.all(Array.from({ length: 30 }, (_, k) => Simulation.create(setupOf("pucks", k))));
  first.step(0.1);
  assert.deepEqual(first.objects(), alone.objects());
  assert.deepEqual(first.q, alone.q);
  for (const sim of [...crowd, alone, first]) sim.dispose();
});

test("a worker thread gets the same bits", async () => {
  const source = `import { parentPort, workerData as s } from "node:worker_threads";
    import { Simulation } from "${new URL("../../../src/sim/physics/Simulation.js", import.meta.url)}";
    const sim = await Simulation.create(s); sim.step(0.5); parentPort.postMessage(sim.objects());`;
  const setup = setupOf("table", 3);
  const there = await new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: setup });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const here = await Simulation.create(setup);
  here.step(0.5);
  assert.deepEqual(there, here.objects());
  here.dispose();
});
