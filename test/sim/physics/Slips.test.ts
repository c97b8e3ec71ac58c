import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { armOptions } from "../../../src/agent/robot/armOptions.js";
import { Collector } from "../../../src/collect/Collector.js";
import { loadCollectConfig, loadSceneConfig } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { armFromUrdf, parseUrdf } from "../../../src/kinematics/index.js";
import { Simulation, Slips } from "../../../src/sim/index.js";
import { trials } from "../../trials.js";

const CHANCE = 0.4,
  SPEED = 0.5;
const EPISODES = trials(4);

test(
  "what moves slips as often as said, as fast as said, " + "to both sides across its way; what lies still never",
  async () => {
    const { robot } = loadSetup({ robot: "arm7", agent: "default", scene: "pucks" });
    const urdf = parseUrdf(readFileSync(robot.urdf!, "utf8"));
    const sim = await Simulation.create({
      urdf,
      arm: armFromUrdf(urdf, armOptions(robot)),
      scene: loadSceneConfig("pucks"),
      seed: 1,
    });
    const slips = new Slips(sim, { chance: CHANCE, speed: SPEED }, new Rng(1));
    const [{ id }, still] = sim.objects();
    const rng = new Rng(2),
      rounds = 2000;
    let left = 0,
      right = 0;
    for (let i = 0; i < rounds; i++) {
      const before = sim.velocity(id);
      sim.hit(id, [rng.range(-0.1, 0.1) - before[0], rng.range(0.05, 0.1) - before[1], 0]);
      const [vx, vy] = sim.velocity(id);
      slips.strike();
      const dx = sim.velocity(id)[0] - vx,
        dy = sim.velocity(id)[1] - vy;
      if (Math.hypot(dx, dy) < 1e-12) continue;
      assert.ok(Math.abs(Math.hypot(dx, dy) - SPEED) < 1e-9 && Math.abs(dx * vx + dy * vy) < 1e-9);
      if (vx * dy - vy * dx > 0) left++;
      else right++;
    }
    assert.deepEqual(sim.velocity(still.id).map(Math.abs), [0, 0, 0]);
    for (const [count, p] of [
      [left + right, CHANCE],
      [left, CHANCE / 2],
    ])
      assert.ok(
        Math.abs(count / rounds - p) < 4 * Math.sqrt((p * (1 - p)) / rounds),
        `${count} of ${rounds}, want ${p}`,
      );
    sim.dispose();
  },
);

test(
  "a slippery world is the same for the same seed, " + "and other than one without slips only from the first slip on",
  async () => {
    const slippery = loadCollectConfig("pucks_slippery");
    const [a, b, plain] = await Promise.all(
      [slippery, slippery, { ...slippery, random: { ...slippery.random, slip: undefined } }].map((c) =>
        Collector.create(c),
      ),
    );
    let slipped = 0;
    for (let i = 0; i < EPISODES; i++) {
      const episode = await a.live(5, i),
        straight = await plain.live(5, i);
      if (i === 0) assert.deepEqual(await b.live(5, i), episode);
      assert.deepEqual(straight.frames[0], episode.frames[0]);
      const last = (e: typeof episode): number[] => e.frames.at(-1)!.objects.flatMap((o) => [...o.position]);
      if (last(episode).some((x, c) => Math.abs(x - last(straight)[c]) > 0.01)) slipped++;
    }
    assert.ok(slipped >= EPISODES / 2, `${slipped} of ${EPISODES} episodes ended otherwise`);
    for (const c of [a, b, plain]) c.dispose();
  },
);
