import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { configNames, loadSceneConfig } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { Kinematics } from "../../../src/kinematics/index.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { sceneOf, setupOf } from "../setups.js";
import { touchesArm } from "../touchesArm.js";

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

test("free fall follows ½gt², a sliding puck stops after v²/2μg", async () => {
  const sim = await Simulation.create(
    setupOf(sceneOf("objects: [{ id: ball, sphere: { radius: 2 cm }, mass: 0.1, position: [0.6, 0.6, 2.0] }]")),
  );
  const z = (): number => sim.objects()[0].position[2];
  const z0 = z();
  sim.step(0.4);
  // the Euler step adds g·t·h/2 = 4 mm
  assert.ok(Math.abs(z0 - z() - 0.5 * 9.81 * 0.4 ** 2) < 0.005, `fell ${z0 - z()} m`);
  sim.dispose();
});

test("the tool is where kinematics says, in every pose", async () => {
  const sim = await Simulation.create(setupOf("empty"));
  const kinematics = new Kinematics(sim.arm);
  const rng = new Rng(2);
  for (let k = 0; k < 50; k++) {
    const { lo, hi } = sim.arm.limits;
    sim.reset({ scene: { ...sim.scene, start: Array.from(lo, (l, j) => rng.range(l, hi[j])) } });
    kinematics.forward(sim.q, 0);
    const { position } = sim.tool();
    [3, 7, 11].forEach((at, c) => assert.ok(Math.abs(kinematics.tool[at] - position[c]) < 1e-9));
  }
  sim.dispose();
});

test("the arm follows at full speed and acceleration within 3 mrad, and holds its pose against gravity", async () => {
  const sim = await Simulation.create(setupOf("empty"));
  const { lo, hi, velocity, acceleration } = sim.arm.limits;
  const nq = sim.arm.nq;
  let worst = 0;
  const rng = new Rng(4);
  for (let move = 0; move < 12; move++) {
    // Bang-bang: every joint accelerates as hard as it may, cruises at its limit, brakes as hard; joints start
    // together.
    const q0 = Array.from(sim.controller.q);
    const q1 = q0.map((_, j) => rng.range(lo[j] + 0.05, hi[j] - 0.05));
    const profile = q0.map((q, j) => {
      const d = Math.abs(q1[j] - q),
        V = Math.min(velocity[j], Math.sqrt(acceleration[j] * d)),
        ta = V / acceleration[j];
      return { d: q1[j] - q, V, ta, T: d > 0 ? d / V + ta : 0 };
    });
    const T = Math.max(...profile.map((p) => p.T));
    const points = Array.from({ length: Math.ceil(T / 0.01) + 2 }, (_, k) => {
      const t = 0.01 * k;
      const state = profile.map(({ d, V, ta, T: Tj }, j) => {
        const s = Math.sign(d),
          a = acceleration[j],
          x = Math.min(t, Tj);
        if (x < ta) return [q0[j] + (s * a * x * x) / 2, s * a * x];
        if (x < Tj - ta) return [q0[j] + s * V * (x - ta / 2), s * V];
        return [q1[j] - (s * a * (Tj - x) ** 2) / 2, s * a * (Tj - x)];
      });
      return {
        timeFromStart: t,
        positions: state.map((x) => x[0]),
        velocities: state.map((x) => x[1]),
        accelerations: [],
      };
    });
    points[points.length - 1].velocities = points[points.length - 1].velocities.map(() => 0);
    assert.equal(sim.accept({ stamp: sim.time, jointNames: sim.arm.jointNames, points }), undefined);
    for (let k = 0; k < (T + 0.1) / 0.002; k++) {
      sim.step(0.002);
      sim.controller.sample(sim.time);
      // Poses of this random walk may touch the floor or the arm itself: only free motion counts.
      if (sim.takeContacts().length === 0)
        for (let j = 0; j < nq; j++) worst = Math.max(worst, Math.abs(sim.q[j] - sim.controller.q[j]));
      else break;
    }
    sim.reset({
      scene: { ...sim.scene, start: Array.from(sim.arm.home, (h, j) => h + 0.1 * rng.normal() * (j === 3 ? 0 : 1)) },
    });
  }
  console.log(`tracking error at full speed: ${(1000 * worst).toFixed(2)} mrad`);
  assert.ok(worst < 3e-3, `tracking error ${worst} rad`);
  sim.dispose();
});

test("pushing through a wall ends at the effort limits, with the contact told", async () => {
  const sim = await Simulation.create(
    setupOf(sceneOf("fixed: [{ id: wall, box: { center: [0.6, 0, 0.4], size: [0.1, 1, 1] } }]")),
  );
  const q = Array.from(sim.q);
  q[1] += 0.6;
  sim.accept({
    jointNames: sim.arm.jointNames,
    points: [{ timeFromStart: 0.5, positions: q, velocities: q.map(() => 0), accelerations: [] }],
  });
  sim.step(1);
  const hit = sim.takeContacts().filter((c) => c.body2 === "wall");
  assert.ok(hit.length > 0 && hit.some((c) => c.force > 10), JSON.stringify(hit));
  sim.effort.forEach((tau, j) => assert.ok(Math.abs(tau) <= sim.arm.limits.effort[j]));
  assert.ok(sim.q.every(Number.isFinite));
  assert.deepEqual(sim.takeContacts(), [], "taken once");
  sim.dispose();
});

test("a contact between two looks is not missed", async () => {
  const sim = await Simulation.create(
    setupOf(sceneOf("objects: [{ id: ball, sphere: { radius: 2 cm }, mass: 0.02, position: [0.45, 0, 0.9] }]")),
  );
  sim.step(1.2); // it falls onto the hand and off
  assert.ok(sim.takeContacts().some((c) => c.body2 === "ball"));
  sim.dispose();
});

test("the arm's contacts with itself are told, but never between neighbours", async () => {
  const sim = await Simulation.create(setupOf("empty"));
  const { lo, hi } = sim.arm.limits;
  const rng = new Rng(3);
  let seen = 0;
  for (let k = 0; k < 60; k++) {
    sim.reset({ scene: { ...sim.scene, start: Array.from(lo, (l, j) => rng.range(l, hi[j])) } });
    sim.step(0.004);
    for (const { body1, body2 } of sim.takeContacts()) {
      if (!body2.startsWith("link")) continue;
      seen++;
      const a = sim.arm.linkNames.indexOf(body1),
        b = sim.arm.linkNames.indexOf(body2);
      assert.ok(a < 0 || b < 0 || Math.abs(a - b) > 1, `${body1} ${body2}`);
    }
  }
  assert.ok(seen > 0);
  sim.dispose();
});

test("people follow their path, can be moved, frozen, hidden; distances are true", async () => {
  const scene = sceneOf(
    "bodies: [{ id: p, kind: person, capsules: [{ p0: [1.5, -0.1, 0.35], p1: [1.5, 0.1, 0.35], radius: 5 cm }], " +
      "path: [{ at: 1, move: [0, 0, 0] }, { at: 2, move: [-0.4, 0, 0] }] }]",
  );
  const sim = await Simulation.create(setupOf(scene));
  const x = (): number => sim.bodies()[0].p0[0];
  const d0 = sim.personDistances().get("p")!;
  sim.step(1);
  assert.ok(Math.abs(x() - 1.5) < 1e-9);
  sim.step(0.5);
  assert.ok(Math.abs(x() - 1.3) < 1e-3);
  assert.ok(Math.abs(d0 - sim.personDistances().get("p")! - 0.2) < 5e-3, "distance shrinks with the approach");
  sim.perturb({ action: "freeze", target: "p", duration: 0.2 });
  sim.step(0.1);
  assert.ok(Math.abs(x() - 1.3) < 1e-3);
  sim.step(0.2);
  assert.ok(x() < 1.27, "goes on where it stopped");
  sim.perturb({ action: "move", target: "p", position: [0.5, 0, 0.35], orientation: [0, 0, 0, 1] });
  sim.step(0.002);
  assert.ok(sim.personDistances().get("p")! < 0, "inside");
  sim.perturb({ action: "hide", target: "p" });
  assert.ok(sim.hidden("p"));
  sim.perturb({ action: "clear", target: "" });
  assert.ok(!sim.hidden("p"));
  assert.match(sim.perturb({ action: "move", target: "q" }) ?? "", /no object or body 'q', want one of: p/);
  assert.match(sim.perturb({ action: "move", target: "p", position: [NaN, 0, 0] }) ?? "", /finite/);
  sim.dispose();
});

test("objects can be put, frozen in the air and let go", async () => {
  const sim = await Simulation.create(setupOf("table"));
  const z = (): number => sim.objects().find((o) => o.id === "puck")!.position[2];
  sim.perturb({ action: "move", target: "puck", position: [0.5, -0.3, 0.5] });
  sim.perturb({ action: "freeze", target: "puck" });
  sim.step(0.5);
  assert.ok(Math.abs(z() - 0.5) < 1e-3);
  sim.perturb({ action: "unfreeze", target: "puck" });
  sim.step(0.1);
  assert.ok(z() < 0.48);
  sim.reset({ poses: [{ id: "puck", position: [0.4, 0.4, 0.02], orientation: [0, 0, 0, 1] }] });
  assert.ok(Math.abs(sim.objects().find((o) => o.id === "puck")!.position[1] - 0.4) < 1e-12);
  assert.throws(
    () => sim.reset({ poses: [{ id: "cup", position: [0, 0, 0], orientation: [0, 0, 0, 1] }] }),
    /no object 'cup' in scene table, want one of: puck, block/,
  );
  sim.step(0.01);
  sim.dispose();
});

test(
  "every scene of config/ stands: " + "for five seeds nothing of the arm touches anything in the first second",
  async () => {
    for (const name of configNames("scenes"))
      for (let seed = 1; seed <= 5; seed++) {
        const sim = await Simulation.create({ ...setupOf(name), scene: loadSceneConfig(name), seed });
        sim.step(1);
        assert.deepEqual(
          sim.takeContacts().filter((c) => touchesArm(c, sim.scene)),
          [],
          name,
        );
        for (const o of sim.objects()) assert.ok(o.position[2] > 0.01, `${name}: ${o.id} fell`);
        sim.dispose();
      }
  },
);

test("200 resets leak nothing", async () => {
  const sim = await Simulation.create(setupOf("pucks"));
  for (let k = 0; k < 40; k++) sim.reset({ seed: k });
  const before = process.memoryUsage().rss;
  for (let k = 0; k < 160; k++) sim.reset({ seed: k });
  assert.ok(process.memoryUsage().rss - before < 40e6, `${(process.memoryUsage().rss - before) / 1e6} MB more`);
  sim.step(0.1);
  sim.dispose();
});
