import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Observation } from "../../../src/core/Observation.js";
import { SensorChannel } from "../../../src/sim/sensors/SensorChannel.js";
import { SimRobot } from "../../../src/sim/physics/SimRobot.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { setupOf } from "../setups.js";

const channel = (base = {}): SensorChannel<number> =>
  new SensorChannel(new Rng(1), (x, noise) => x + noise(), { drop: 0, delay: 0, corrupt: 0, ...base });

test("a channel delays, drops and spoils as told, for as long as told", () => {
  const late = channel({ delay: 0.05 });
  late.offer(1, 0);
  assert.deepEqual(late.take(0.049), []);
  assert.deepEqual(late.take(0.05), [1]);

  const lossy = channel();
  lossy.disturb({ drop: 0.3 }, 1000);
  for (let k = 0; k < 10000; k++) lossy.offer(k, k * 0.01);
  const got = lossy.take(1e9).length;
  assert.ok(got > 6700 && got < 7300, `${got} of 10000`);

  const noisy = channel();
  noisy.disturb({ corrupt: 0.5 }, 10);
  for (let k = 0; k < 2000; k++) noisy.offer(0, k * 0.01);
  const x = noisy.take(1e9);
  const early = x.slice(0, 1000),
    std = Math.sqrt(early.reduce((s, e) => s + e * e, 0) / 1000);
  assert.ok(std > 0.45 && std < 0.55);
  assert.ok(
    x.slice(1001).every((e) => e === 0),
    "over after its time",
  );

  const broken = channel();
  broken.disturb({ corrupt: NaN }, Infinity);
  broken.offer(3, 0);
  assert.deepEqual(broken.take(0), [NaN]);
  broken.clear();
  broken.offer(3, 0);
  assert.deepEqual(broken.take(0), [3]);
});

test("when a delay grows and shrinks, samples still come in order", () => {
  const c = channel();
  c.disturb({ delay: 1 }, 0.5);
  for (let k = 0; k < 100; k++) c.offer(k, k * 0.01);
  const got: number[] = [];
  for (let k = 0; k < 300; k++) got.push(...c.take(k * 0.01));
  assert.deepEqual(
    got,
    Array.from({ length: 100 }, (_, k) => k),
  );
});

test(
  "the robot in one process: 100 observations a second, " + "10 images, commands followed, all of it reproducible",
  async () => {
    const run = async (): Promise<Observation[]> => {
      const sim = await Simulation.create(setupOf("table", 4));
      const robot = new SimRobot(sim, { joints: { corrupt: 1e-4 }, seed: 7 });
      const seen: Observation[] = [];
      robot.observations.subscribe((o) => {
        seen.push(o);
        if (seen.length !== 20) return;
        const { nq } = sim.arm,
          N = 3,
          dt = 0.5;
        const q = new Float64Array(N * nq),
          v = new Float64Array(N * nq);
        for (let k = 0; k < N; k++) q.set(sim.controller.q, k * nq);
        q[nq] += 0.1;
        q[2 * nq] += 0.2;
        v[nq] = 0.2;
        robot.send({ stamp: robot.clock.now(), dt, N, nq, q, v });
      });
      robot.tell();
      robot.advance(1.5);
      assert.ok(Math.abs(sim.q[0] - sim.arm.home[0] - 0.2) < 1e-3);
      sim.dispose();
      return seen;
    };
    const first = await run();
    assert.equal(first.length, 151);
    assert.equal(new Set(first.map((o) => o.images.get("camera")!.stamp)).size, 16);
    assert.ok(first.every((o, k) => Math.abs(o.stamp - 0.01 * k) < 1e-9));
    assert.deepEqual(await run(), first);
  },
);

test("a refused command is told to the sender", async () => {
  const sim = await Simulation.create(setupOf("empty"));
  const robot = new SimRobot(sim);
  assert.throws(
    () => robot.send({ stamp: 0, dt: 0.1, N: 2, nq: 7, q: new Float64Array(14), v: new Float64Array(14).fill(1) }),
    /refused.*not zero/,
  );
  sim.dispose();
});
