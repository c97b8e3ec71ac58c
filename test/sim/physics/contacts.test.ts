import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { sceneOf, setupOf } from "../setups.js";

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
