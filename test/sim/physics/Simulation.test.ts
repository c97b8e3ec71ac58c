import assert from "node:assert/strict";
import { test } from "node:test";
import { configNames, loadSceneConfig } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { Kinematics } from "../../../src/kinematics/index.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { sceneOf, setupOf } from "../setups.js";
import { touchesArm } from "../touchesArm.js";
import { trials } from "../../trials.js";

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

test(
  "every scene of config/ stands: " + "for each seed nothing of the arm touches anything in the first second",
  async () => {
    for (const name of configNames("scenes"))
      for (let seed = 1; seed <= trials(2); seed++) {
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
