import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { Collector } from "../../src/collect/Collector.js";
import type { Episode } from "../../src/collect/Episode.js";
import { loadCollectConfig } from "../../src/config/index.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { Sweep } from "../../src/kinematics/Sweep.js";

const config = loadCollectConfig("pucks");
const collector = await Collector.create(config);
const { arm } = collector.setup;
const n = arm.nq;
const SEED = 11,
  COUNT = 24;
const episodes: Episode[] = [];
for (let i = 0; i < COUNT; i++) episodes.push(await collector.live(SEED, i));

describe("collected episodes", () => {
  after(() => collector.dispose());

  it("are the same bits for the same seed and number, whatever was lived before, and others for others", async () => {
    const other = await Collector.create(config);
    for (const i of [5, 2]) assert.deepEqual(await other.live(SEED, i), episodes[i]);
    assert.notDeepEqual((await other.live(SEED + 1, 5)).frames, episodes[5].frames);
    assert.notDeepEqual(episodes[5].frames, episodes[2].frames);
    other.dispose();
  });

  it("hold a frame at every model step, with joint states at the same instants", () => {
    for (const e of episodes) {
      assert.equal(e.frames.length, e.end === "complete" ? config.steps + 1 : e.sent.length + 1);
      const stamps = new Set(e.joints.map((j) => j.stamp.toFixed(6)));
      e.frames.forEach((f, k) => {
        assert.ok(Math.abs(f.stamp - k * config.dt) < 1e-9);
        assert.ok(stamps.has(f.stamp.toFixed(6)));
        assert.equal(f.image.length, 3 * 64 * 64);
      });
    }
  });

  it(
    "command nothing beyond the joints' positions, " +
      "velocities and accelerations, and go on where the step before ended",
    () => {
      const { lo, hi, velocity, acceleration } = arm.limits;
      for (const { sent } of episodes) {
        const q = sent.flatMap((s) => s.q),
          v = sent.flatMap((s) => s.v),
          { dt } = sent[0];
        for (let i = 0; i < q.length; i++)
          for (let j = 0; j < n; j++) {
            assert.ok(q[i][j] >= lo[j] - 1e-9 && q[i][j] <= hi[j] + 1e-9, `joint ${j} at ${q[i][j]} rad`);
            assert.ok(Math.abs(v[i][j]) <= velocity[j] + 1e-9, `joint ${j} at ${v[i][j]} rad/s`);
            if (i === 0) continue;
            assert.ok(
              Math.abs(v[i][j] - v[i - 1][j]) <= acceleration[j] * dt + 1e-9,
              `joint ${j} accelerated by ${(v[i][j] - v[i - 1][j]) / dt} rad/s²`,
            );
            assert.ok(Math.abs(q[i][j] - q[i - 1][j] - 0.5 * dt * (v[i][j] + v[i - 1][j])) < 1e-6, `joint ${j} leaps`);
          }
      }
    },
  );

  it("keep every guardrail of the robot", () => {
    const guardrails = buildGuardrails(collector.setup),
      sweep = new Sweep(arm),
      r = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 0.01, nq: n, nc: sweep.nc }),
      margin = new Float64Array(1);
    r.from = { stamp: 0, q: r.q, v: r.v, objects: new Map(), bodies: [] };
    for (const { sent } of episodes)
      for (const q of sent.flatMap((s) => s.q)) {
        r.q.set(q);
        sweep.fill(r);
        for (const g of guardrails) {
          g.margin(r, margin, 1);
          assert.ok(margin[0] >= -1e-6, `${g.name}: ${margin[0]} ${g.unit}`);
        }
      }
  });

  it("have contact in 40 % of them at least, and things move only when touched", () => {
    assert.ok(episodes.filter((e) => e.contact.some((c) => c)).length >= 0.4 * COUNT);
    let moved = 0;
    for (const { frames, contact } of episodes)
      for (let k = 0; k < contact.length; k++)
        frames[k].objects.forEach((o, i) => {
          const after = frames[k + 1].objects[i].position,
            shift = Math.hypot(after[0] - o.position[0], after[1] - o.position[1]);
          if (shift < 0.002) return;
          moved++;
          assert.ok(contact[k] || (k > 0 && contact[k - 1]), `${o.id} moved by ${shift} m untouched`);
        });
    assert.ok(moved > 50);
  });

  it("begin with the tool where the explorer wants it, pointing down, and follow its actions", () => {
    for (const { frames } of episodes) {
      const { low, high } = config.tool.box;
      frames[0].tool.forEach((x, c) => assert.ok(x >= low[c] - 1e-3 && x <= high[c] + 1e-3));
      for (let k = 1; k < frames.length; k++)
        frames[k].tool.forEach((x, c) => assert.ok(Math.abs(x - frames[k - 1].tool[c]) < 1.5 * config.tool.step));
    }
  });

  it("come from whatever explorer is given, which sees the world as it is", async () => {
    const place = [0.5, 0.1, 0.2] as const;
    let seen = 0;
    const still = await Collector.create(config, () => ({
      purpose: "still",
      start: () => place,
      act: (a, view) => {
        a.fill(0);
        assert.ok(Math.abs(view.stamp - seen * config.dt) < 1e-9);
        assert.equal(view.image.length, 3 * 64 * 64);
        view.tool.forEach((x, c) => assert.ok(Math.abs(x - place[c]) < 2e-3));
        seen++;
      },
    }));
    const { purpose, contact, end } = await still.live(1, 1);
    assert.deepEqual([purpose, end, seen, contact.includes(true)], ["still", "complete", config.steps, false]);
    still.dispose();
  });
});
