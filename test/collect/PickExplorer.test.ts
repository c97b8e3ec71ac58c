import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { closingDirection } from "../../src/collect/closingDirection.js";
import { explore } from "../../src/collect/explore.js";
import { PickExplorer } from "../../src/collect/PickExplorer.js";
import { PushExplorer } from "../../src/collect/PushExplorer.js";
import { loadCollectConfig } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";

const config = loadCollectConfig("grasps");
const setup = loadSetup({ robot: "arm7", agent: "default" });
const things = { radius: 0.035, top: 0.04 };
const { low, high } = config.tool.box;
type Point = [number, number, number];

/** Places that keep their distance, as a collection draws them. */
function places(rng: Rng): Point[] {
  for (;;) {
    const drawn = [0, 1, 2].map((): Point => [rng.range(0.36, 0.6), rng.range(-0.3, 0.3), 0.02]);
    if (drawn.every((p, i) => drawn.slice(0, i).every((q) => Math.hypot(p[0] - q[0], p[1] - q[1]) > 0.1))) return drawn;
  }
}

/**
 * A world of the test's own, in which pads that close on a thing hold it, and a thing let go falls down. It checks that
 * neither fingers nor what is held come down on another thing.
 */
function live(seed: number, steps: number, clumsy = 0): { held: number; puts: number; drops: number } {
  const rng = new Rng(seed),
    objects = places(rng).map((position, i) => ({ id: `${i}`, position }));
  const explorer = new PickExplorer(config, things, rng.fork(), setup);
  const tool = [...explorer.start(objects)] as Point,
    a = new Float32Array(3);
  const [ux, uy] = closingDirection(setup.arm);
  let held: string | undefined, before: number | undefined;
  const count = { held: 0, puts: 0, drops: 0 };
  for (let step = 0; step < steps; step++) {
    explorer.act(a, { tool, objects, held });
    const mine = objects.find(({ id }) => id === held);
    if (explorer.aperture !== before) {
      if (explorer.aperture === 0) {
        const near = objects.find(({ position: p }) => Math.hypot(p[0] - tool[0], p[1] - tool[1]) < 0.006);
        assert.ok(near !== undefined, "closes where there is nothing");
        if (rng.uniform() >= clumsy) held = near.id;
      } else if (mine !== undefined) {
        if (tool[2] > low[2] + 0.015) count.drops++;
        else count.puts++;
        mine.position[2] = 0.02;
        held = undefined;
      }
      before = explorer.aperture;
    }
    const from = [...tool];
    a.forEach((x, c) => {
      assert.ok(Math.abs(x) <= 1 + 1e-6);
      tool[c] = Math.max(low[c], Math.min(high[c], tool[c] + config.tool.step * x));
    });
    const carried = objects.find(({ id }) => id === held);
    if (carried !== undefined) {
      count.held++;
      tool.forEach((x, c) => (carried.position[c] += x - from[c]));
    }
    if (tool[2] > things.top + 0.01) continue;
    for (const o of objects) {
      if (o === carried) continue;
      const [x, y] = [o.position[0] - tool[0], o.position[1] - tool[1]];
      if (carried !== undefined) assert.ok(Math.hypot(x, y) > 2 * things.radius, "a held thing meets another");
      const along = Math.abs(ux * x + uy * y),
        beside = Math.abs(ux * y - uy * x);
      const grasped = along < 0.006 && beside < 0.006;
      // open pads are 8 cm apart, a finger is 2 cm wide and 1.6 cm thick
      const meets = beside < 0.01 + things.radius && along > 0.04 - things.radius && along < 0.056 + things.radius;
      assert.ok(grasped || !meets || Math.hypot(x, y) > 0.056 + things.radius, `a finger meets ${x}, ${y}`);
    }
  }
  return count;
}

test("it holds something in many steps, puts things down, and drops some, without coming down on one", () => {
  const sum = { held: 0, puts: 0, drops: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const count = live(seed, config.steps);
    for (const key of ["held", "puts", "drops"] as const) sum[key] += count[key];
  }
  assert.ok(sum.held > 0.35 * 200 * config.steps, `${sum.held / (200 * config.steps)}`);
  assert.ok(sum.puts > 60 && sum.drops > 30, JSON.stringify(sum));
});

test("a hand that misses half of its grasps tries again", () => {
  let held = 0;
  for (let seed = 1; seed <= 100; seed++) held += live(seed, config.steps, 0.5).held;
  assert.ok(held > 0.15 * 100 * config.steps, `${held / (100 * config.steps)}`);
});

test("it makes the share of episodes that the configuration says; without one all is drawn as before", () => {
  const purposes = Array.from({ length: 2000 }, (_, i) => explore(config, things, new Rng(i), setup).purpose);
  const share = purposes.filter((p) => p === "pick").length / 2000;
  assert.ok(Math.abs(share - config.explorer.pick) < 0.04, `${share}`);
  const plain = loadCollectConfig("pucks"),
    [a, b] = [new Rng(4), new Rng(4)];
  assert.equal(explore(plain, things, a, setup).purpose, new PushExplorer(plain, things, b).purpose);
  assert.deepEqual(a.save(), b.save());
});

test("a robot without a gripper is told so", () => {
  const { gripper: _, ...arm } = setup.arm;
  assert.throws(
    () => new PickExplorer(config, things, new Rng(1), { ...setup, arm }),
    /explorer\.pick: got a robot without a gripper \(arm7\)/,
  );
});
