import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { drawEpisode } from "../../src/collect/drawEpisode.js";
import { explore } from "../../src/collect/explore.js";
import { PostureExplorer } from "../../src/collect/PostureExplorer.js";
import { PushExplorer } from "../../src/collect/PushExplorer.js";
import { actionPlan } from "../../src/collect/actionPlan.js";
import { loadCollectConfig, loadSceneConfig, packageRoot, parseCollect, parseYaml } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { lookAt, project } from "../../src/sim/index.js";
import { ToolDisplacement } from "../../src/worldmodel/analytic/ToolDisplacement.js";

const config = loadCollectConfig("pucks");
const things = { radius: 0.035, top: 0.04 };

describe("the explorer", () => {
  it("wants nothing beyond an action, stays in its box, and never comes down upon a thing", () => {
    const rng = new Rng(1),
      a = new Float32Array(3),
      { low, high } = config.tool.box;
    let pushes = 0;
    for (let episode = 0; episode < 400; episode++) {
      const objects = ["red", "blue", "green"].map((id) => ({
        id,
        position: [rng.range(0.36, 0.6), rng.range(-0.3, 0.3), 0.02] as [number, number, number],
      }));
      const explorer = new PushExplorer(config, things, rng.fork());
      const tool = [...explorer.start(objects)] as [number, number, number];
      for (let step = 0; step < 30; step++) {
        explorer.act(a, { tool, objects });
        const before = [...tool];
        a.forEach((x, c) => {
          assert.ok(x >= -1 && x <= 1);
          tool[c] = Math.max(low[c], Math.min(high[c], tool[c] + config.tool.step * x));
        });
        for (const { position: p } of objects) {
          const over = Math.hypot(tool[0] - p[0], tool[1] - p[1]) < things.radius;
          if (over && before[2] > things.top + 0.01)
            assert.ok(tool[2] > things.top + 0.01, `came down on a thing to ${tool[2]} m`);
          if (over && tool[2] < things.top) {
            // a pushed thing gives way
            const x = p[0] - before[0],
              y = p[1] - before[1],
              r = Math.hypot(x, y);
            ((p[0] = tool[0] + (0.055 * x) / r), (p[1] = tool[1] + (0.055 * y) / r));
            pushes++;
          }
        }
      }
    }
    assert.ok(pushes > 400);
  });

  it("makes the three purposes as often as their weights say", () => {
    const rng = new Rng(2),
      count: Record<string, number> = {},
      { push, low, free } = config.explorer;
    for (let i = 0; i < 3000; i++) {
      const { purpose } = new PushExplorer(config, things, rng.fork());
      count[purpose] = (count[purpose] ?? 0) + 1 / 3000;
    }
    for (const [purpose, weight] of Object.entries({ push, low, free }))
      assert.ok(Math.abs(count[purpose] - weight / (push + low + free)) < 0.03, purpose);
  });
});

describe("exploring from posture to posture", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default" }),
    {
      limits: { lo, hi, velocity },
      home,
    } = setup.arm;
  const wander = (seed: number, steps: number): number[][] => {
    const explorer = new PostureExplorer(config, setup, new Rng(seed));
    explorer.start();
    const a = new Float32Array(7),
      q = home.slice(),
      path: number[][] = [];
    for (let i = 0; i < steps; i++) {
      explorer.act(a, { q } as never);
      assert.ok(a.every((x) => Math.abs(x) <= 1 + 1e-6));
      for (let j = 0; j < 7; j++) q[j] += a[j] * velocity[j] * config.dt;
      path.push([...q]);
    }
    return path;
  };

  it("stays within the joint limits, comes far from home with every joint, and rests now and then", () => {
    const path = wander(1, 600);
    for (let j = 0; j < 7; j++) {
      const seen = path.map((q) => q[j]);
      assert.ok(seen.every((x) => x >= lo[j] - 1e-6 && x <= hi[j] + 1e-6));
      assert.ok(Math.max(...seen) - Math.min(...seen) > 0.5, `joint ${j} hardly moved`);
    }
    const rests = path.filter((q, i) => i > 0 && q.join() === path[i - 1].join()).length;
    assert.ok(rests > 10 && rests < 200, `${rests} rests`);
  });

  it("same seed, same way; and a configuration without it is explored as before, draw for draw", () => {
    assert.deepEqual(wander(2, 50), wander(2, 50));
    assert.notDeepEqual(wander(2, 50), wander(3, 50));
    const [a, b] = [new Rng(4), new Rng(4)];
    assert.equal(explore(config, things, a, setup).purpose, new PushExplorer(config, things, b).purpose);
    assert.deepEqual(a.save(), b.save());
    const share =
      Array.from(
        { length: 2000 },
        (_, i) =>
          explore({ ...config, explorer: { ...config.explorer, posture: 0.3 } }, things, new Rng(i), setup).purpose ===
          "posture",
      ).filter(Boolean).length / 2000;
    assert.ok(Math.abs(share - 0.3) < 0.04, `${share}`);
  });
});

describe("a load that nobody told the servo of", () => {
  it(
    "is drawn for each episode between its bounds where the configuration says so, " +
      "and changes nothing else that is drawn",
    () => {
      const scene = loadSceneConfig("pucks"),
        camera = scene.camera!,
        loads: number[] = [];
      const loaded = { ...config, random: { ...config.random, load: { low: 0.5, high: 1.5 } } };
      for (let i = 0; i < 200; i++) {
        const [plain, other] = [config, loaded].map((c) => drawEpisode(c, scene, camera, new Rng(i)));
        assert.deepEqual(plain.scene.servo, scene.servo);
        assert.deepEqual({ ...other.scene, servo: scene.servo }, plain.scene);
        assert.deepEqual([other.view, other.lighting], [plain.view, plain.lighting]);
        loads.push(other.scene.servo.load);
      }
      assert.ok(
        Math.min(...loads) >= 0.5 && Math.max(...loads) <= 1.5 && Math.max(...loads) - Math.min(...loads) > 0.9,
      );
    },
  );
});

describe("the plan of an action", () => {
  it(
    "begins with the arm's velocity, meets the model's states at the steps, " +
      "and its velocities are those of its positions",
    () => {
      const { arm } = loadSetup({ robot: "arm7", agent: "default" }),
        n = arm.nq,
        rng = new Rng(3);
      const still = { fill: () => undefined };
      const model = new ToolDisplacement(arm, still, {
        axes: ["x", "y", "z"],
        step: 0.06,
        dt: 0.4,
        substeps: 2,
        latency: 0,
      });
      const r = new Rollouts({ K: 1, H: 1, substeps: 2, dt: 0.4, nu: 3, nq: n, nc: 0, quasistatic: true });
      for (let trial = 0; trial < 50; trial++) {
        const q = new Float64Array(n);
        model.posture(q, [rng.range(0.35, 0.55), rng.range(-0.25, 0.25), rng.range(0.05, 0.2)]);
        const from = {
          stamp: 3,
          q,
          v: Float64Array.from(q, () => rng.range(-0.3, 0.3)),
          objects: new Map(),
          bodies: [],
        };
        const action = Float32Array.from({ length: 3 }, () => rng.range(-1, 1));
        r.a.set(action);
        model.predict(from, r, 1);
        const plan = actionPlan(model, from, action, 0.01),
          h = plan.dt / plan.substeps;
        assert.ok(Math.abs(h - 0.01) < 1e-12);
        for (let j = 0; j < n; j++) {
          assert.equal(plan.q[j], q[j]);
          assert.equal(plan.v[j], from.v[j]);
          assert.ok(Math.abs(plan.q[plan.substeps * n + j] - r.q[2 * n + j]) < 1e-12);
          for (let i = 1; i < plan.H * plan.substeps; i++) {
            if (i === plan.substeps) continue; // two pieces meet
            const slope = (plan.q[(i + 1) * n + j] - plan.q[(i - 1) * n + j]) / (2 * h);
            assert.ok(Math.abs(slope - plan.v[i * n + j]) < 1e-2);
          }
        }
      }
    },
  );
});

describe("what a collection draws", () => {
  const scene = loadSceneConfig("pucks"),
    camera = scene.camera!;
  const wild = loadCollectConfig("pucks_randomised");

  it("lies within its ranges: places apart in their box, masses, frictions, colours, the camera's pose", () => {
    const rng = new Rng(4),
      straight = lookAt(camera.position, camera.look_at, camera.fov, camera.width, camera.height);
    let textures = 0,
      far = 0,
      seen = 0;
    for (let i = 0; i < 500; i++) {
      const { scene: drawn, view, texture } = drawEpisode(wild, scene, camera, rng);
      if (texture) textures++;
      drawn.objects.forEach((o, k) => {
        const original = scene.objects[k],
          { low, high, gap } = wild.objects;
        o.position.forEach((x, c) => assert.ok(x >= low[c] && x <= high[c]));
        for (const other of drawn.objects.slice(0, k))
          assert.ok(Math.hypot(o.position[0] - other.position[0], o.position[1] - other.position[1]) >= 0.07 + gap);
        assert.ok(o.mass >= 0.5 * original.mass && o.mass <= 2 * original.mass);
        assert.ok(o.friction >= 0.5 * original.friction && o.friction <= 2 * original.friction);
        o.colour!.forEach((x, c) => assert.ok(x >= 0 && x <= 1 && Math.abs(x - original.colour![c]) <= 0.12 + 1e-12));
      });
      for (const o of drawn.objects) {
        const [u, v] = project(view, o.position);
        if (u > 0 && v > 0 && u < 63 && v < 63) seen++;
      }
      view.position.forEach((x, c) => assert.ok(Math.abs(x - camera.position[c]) <= 0.1));
      const R = view.rotation;
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++) {
          const dot = R[a] * R[b] + R[3 + a] * R[3 + b] + R[6 + a] * R[6 + b];
          assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-12, "a camera's axes stay orthonormal");
        }
      const aligned = R[2] * straight.rotation[2] + R[5] * straight.rotation[5] + R[8] * straight.rotation[8];
      if (aligned < Math.cos(0.1)) far++;
      assert.ok(aligned > Math.cos(Math.hypot(0.1746, 0.1746) + 0.11));
    }
    assert.ok(textures > 200 && textures < 300);
    assert.ok(far > 50);
    assert.ok(seen > 0.98 * 1500, `${seen} of 1500 in view`);
  });

  it("is said by files that load, and errors name line and key", () => {
    for (const file of readdirSync(join(packageRoot(), "config", "collect")))
      assert.equal(loadCollectConfig(file.replace(".yaml", "")).name, file.replace(".yaml", ""));
    const text =
      "name: x\nscene: pucks\ntool: { step: 6 cm, box: { low: [0.5, 0, 0], high: [0.4, 0, 0] } }\n" +
      "objects: { low: [0, 0, 0], high: [1, 1, 0] }\n";
    assert.throws(() => parseCollect(parseYaml(text, "x.yaml")), /x\.yaml:3.*tool\.box.*low at most high/s);
    assert.throws(
      () =>
        parseCollect(
          parseYaml(`${text.replace("[0.4, 0, 0]", "[0.6, 0, 0]")}explorer: { push: 0, low: 0, free: 0 }\n`, "x.yaml"),
        ),
      /x\.yaml:5.*explorer.*want one above/s,
    );
  });
});
