import assert from "node:assert/strict";
import { test } from "node:test";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { sceneOf, setupOf } from "../setups.js";

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
