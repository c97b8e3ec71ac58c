import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Bench } from "../../src/evaluation/worldmodel/Bench.js";
import { Tally } from "../../src/evaluation/worldmodel/diagnose.js";
import { distance, runEpisode } from "../../src/evaluation/worldmodel/runEpisode.js";
import { PUSH, qualifies, REACH } from "../../src/evaluation/worldmodel/drawEpisode.js";
import { OWN } from "../../src/evaluation/worldmodel/drawViews.js";
import { Idle } from "../../src/evaluation/worldmodel/Idle.js";
import { PlantPhysics } from "../../src/evaluation/worldmodel/PlantPhysics.js";
import { Results } from "../../src/evaluation/worldmodel/Results.js";
import { TrueDynamics } from "../../src/evaluation/worldmodel/TrueDynamics.js";
import { wilson } from "../../src/evaluation/worldmodel/wilson.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { Vec3 } from "../../src/core/geometry/Shape.js";

const Z = 1.959963984540054;

test("Wilson's interval ends where the observed share is just 1.96 standard errors away", () => {
  const rng = new Rng(1);
  for (let i = 0; i < 500; i++) {
    const n = 1 + Math.floor(rng.uniform() * 300),
      k = Math.floor(rng.uniform() * (n + 1));
    const { share, low, high } = wilson(k, n);
    assert.ok(0 <= low && low <= share && share <= high && high <= 1);
    for (const end of [low, high])
      if (end > 1e-12 && end < 1 - 1e-12)
        assert.ok(Math.abs(Math.abs(share - end) - Z * Math.sqrt((end * (1 - end)) / n)) < 1e-9, `${k} of ${n}`);
  }
});

test("Wilson's interval holds the true share about 95 times in 100", () => {
  const rng = new Rng(2);
  for (const p of [0.1, 0.5, 0.9]) {
    let held = 0;
    const runs = 4000;
    for (let i = 0; i < runs; i++) {
      let k = 0;
      for (let j = 0; j < 60; j++) if (rng.uniform() < p) k++;
      const { low, high } = wilson(k, 60);
      if (low <= p && p <= high) held++;
    }
    assert.ok(held / runs > 0.93 && held / runs < 0.975, `${p}: ${held / runs}`);
  }
});

test("Wilson's interval mirrors with success and failure exchanged, and shrinks with more trials", () => {
  for (let n = 1; n < 60; n++)
    for (let k = 0; k <= n; k++) {
      const a = wilson(k, n),
        b = wilson(n - k, n),
        many = wilson(4 * k, 4 * n);
      assert.ok(Math.abs(a.low - (1 - b.high)) < 1e-12 && Math.abs(a.high - (1 - b.low)) < 1e-12);
      assert.ok(many.high - many.low < a.high - a.low);
    }
  assert.throws(() => wilson(3, 2), RangeError);
  assert.throws(() => wilson(0.5, 2), RangeError);
});

test(
  "a goal qualifies iff exactly its object moved by as much as a push does, " +
    "or for a reach none did and the tool went far",
  () => {
    const rng = new Rng(3);
    let push = 0,
      reach = 0;
    for (let i = 0; i < 5000; i++) {
      const before = Float64Array.from({ length: 9 }, () => rng.range(0.3, 0.6));
      const shift = Array.from({ length: 3 }, () => (rng.uniform() < 0.6 ? 0 : rng.range(0, 0.2)));
      const objects = before.slice();
      shift.forEach((d, o) => {
        const turn = rng.range(-3, 3);
        objects[3 * o] += d * Math.cos(turn);
        objects[3 * o + 1] += d * Math.sin(turn);
      });
      const tool: Vec3 = [0.4, 0, 0.1],
        far = rng.range(0, 0.2),
        goal = { objects, tool: [0.4 + far, 0, 0.1] as const };
      const still = (o: number): boolean => shift[o] <= 0.005;
      const wanted = shift[1] >= PUSH.low && shift[1] <= PUSH.high && still(0) && still(2);
      assert.equal(qualifies("push", 1, before, tool, goal), wanted);
      const reached = [0, 1, 2].every(still) && far >= REACH;
      assert.equal(qualifies("reach", -1, before, tool, goal), reached);
      if (wanted) push++;
      if (reached) reach++;
    }
    assert.ok(push > 20 && reach > 20);
  },
);

test("results outlive an interruption: what is known is not measured again, a line cut off is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "results.jsonl");
  const first = new Results(file);
  for (let i = 0; i < 5; i++) await first.get(`key ${i}`, async () => i * i);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.slice(0, text.length - 6)); // killed while it wrote
  const again = new Results(file);
  const measured: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < 6; i++) all.push(await again.get(`key ${i}`, async () => (measured.push(i), i * i)));
  assert.deepEqual(all, [0, 1, 4, 9, 16, 25]);
  assert.deepEqual(measured, [4, 5]);
  const third = new Results(file);
  assert.equal(await third.get("key 4", () => assert.fail("was measured")), 16);
  rmSync(folder, { recursive: true });
});

test("in the simulator", async (t) => {
  const bench = await Bench.create(1);
  const { world } = bench;

  await t.test(
    "the oracle's rollout is the simulator's future, bit for bit, and leaves the present as it was",
    async () => {
      const { arm } = world.setup;
      const H = 3,
        ids = bench.objects;
      const truth = new TrueDynamics(bench.motion(), new PlantPhysics(world.simulation), ids);
      const r = new Rollouts({
        K: 2,
        H,
        substeps: truth.substeps,
        dt: truth.dt,
        nu: truth.nu,
        nq: arm.nq,
        nc: arm.capsules.length,
        no: ids.length,
      });
      const rng = new Rng(4);
      let moved = 0;
      for (let i = 0; i < 3; i++) {
        const { seed, start } = bench.episode("push", i);
        world.begin(seed, start);
        const [x, y] = world.objects(),
          tool = world.tool();
        for (let h = 0; h < H; h++)
          r.a.set(
            [0, 1, 2].map((c) => (c === 2 ? -1 : Math.max(-1, Math.min(1, ([x, y][c] - tool[c]) / 0.1)))),
            3 * h,
          ); // the one toward an object,
        for (let d = 3 * H; d < 6 * H; d++) r.a[d] = rng.range(-1, 1); // the other anywhere
        const before = world.objects();
        await truth.predict(world.state(), r, 2);
        assert.deepEqual(world.objects(), before);
        for (const k of [1, 0]) {
          const points = Array.from({ length: r.N - 1 }, (_, n) => ({
            positions: r.q.slice((k * r.N + n + 1) * r.nq, (k * r.N + n + 2) * r.nq),
            velocities: [],
            accelerations: [],
            timeFromStart: ((n + 1) * r.dt) / r.substeps,
          }));
          const moment = world.simulation.save();
          assert.equal(world.simulation.accept({ jointNames: arm.jointNames, points }), undefined);
          for (let h = 0; h <= H; h++) {
            if (h > 0) world.simulation.step(r.dt);
            const size = 3 * ids.length,
              at = (k * (H + 1) + h) * size;
            assert.deepEqual(r.objects.slice(at, at + size), world.objects());
          }
          moved = Math.max(moved, Math.hypot(...world.objects().map((p, c) => p - before[c])));
          world.simulation.restore(moment);
        }
      }
      assert.ok(moved > 0.01, "no rollout moved anything");
    },
  );

  await t.test("an episode drawn again is the same, and its goal is not met at the start", async () => {
    const other = await Bench.create(1);
    for (const kind of ["push", "reach"] as const)
      for (let i = 0; i < 3; i++) {
        const a = bench.episode(kind, i),
          b = other.episode(kind, i);
        assert.deepEqual(
          [...a.start, ...a.goal.objects, ...a.goal.tool],
          [...b.start, ...b.goal.objects, ...b.goal.tool],
        );
        assert.deepEqual(a.goal.images.get(OWN), b.goal.images.get(OWN));
        world.begin(a.seed, a.start);
        assert.ok(distance(world, a) >= (kind === "push" ? 0.045 : REACH));
      }
    other.dispose();
  });

  await t.test("who does nothing solves nothing", async () => {
    for (const kind of ["push", "reach"] as const)
      assert.equal(
        (await runEpisode(world, bench.episode(kind, 1), OWN, new Idle(), 2, bench.level.dt)).success,
        false,
      );
  });
  bench.dispose();
});

test(
  "prediction counts pushed objects alone: of a perfect model no error, " +
    "of one that says nothing moves just persistence's",
  () => {
    const rng = new Rng(5);
    const perfect = new Tally(),
      still = new Tally();
    let pushed = 0;
    for (let i = 0; i < 2000; i++) {
      const before = Float64Array.from({ length: 9 }, () => rng.range(0.3, 0.6)),
        after = before.slice();
      for (let o = 0; o < 3; o++) {
        const moved = rng.uniform() < 0.5 ? 0 : rng.range(0, 0.15),
          turn = rng.range(-3, 3);
        after[3 * o] += moved * Math.cos(turn);
        after[3 * o + 1] += moved * Math.sin(turn);
        if (moved >= 0.005 && moved <= 0.11) pushed++;
      }
      perfect.add(1, before, after, after);
      still.add(1, before, after, before);
    }
    const [a] = perfect.errors(),
      [b] = still.errors();
    assert.equal(a.windows, pushed);
    assert.equal(a.model.rms, 0);
    assert.ok(a.flung > 100 && b.ratio === 1 && b.model.median === b.persistence.median && b.model.median >= 0.005);
  },
);
