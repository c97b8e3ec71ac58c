import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { InverseDynamics } from "../../../src/kinematics/InverseDynamics.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { Simulation } from "../../../src/sim/physics/Simulation.js";
import { sceneOf, setupOf } from "../setups.js";

const WEIGHT = 9.81; // m/s²

describe("the joint servo", () => {
  it("leaves an arm that nothing pulls at where it was told to be", async () => {
    const simulation = await Simulation.create(setupOf(sceneOf("servo: { bandwidth: 20 rad/s }")));
    const before = simulation.q.slice();
    simulation.step(2);
    before.forEach((q, j) => assert.ok(Math.abs(simulation.q[j] - q) < 1e-6));
    simulation.dispose();
  });

  it(
    "gives way to a load by M⁻¹ Jᵀf / ω²: " + "M ω² (q* − q) + Jᵀf = 0 at rest, by dynamics and a Jacobian of our own",
    async () => {
      const rng = new Rng(1);
      for (const [omega, load] of [
        [20, 1.5],
        [40, 3],
        [80, 5],
      ]) {
        const setup = setupOf(sceneOf(`servo: { bandwidth: ${omega} rad/s, load: ${load} kg }`));
        const { arm } = setup;
        const told = arm.home.map((x) => x + rng.range(-0.4, 0.4));
        const simulation = await Simulation.create({ ...setup, scene: { ...setup.scene, start: [...told] } });
        simulation.step(3);
        const { q } = simulation;
        const kinematics = new Kinematics(arm),
          dynamics = new InverseDynamics(arm, [0, 0, 0]);
        kinematics.forward(q, 0);
        const J = kinematics.jacobian(new Float64Array(6 * arm.nq));
        const asked = told.map((x, j) => omega * omega * (x - q[j])); // rad/s²
        const torque = dynamics.compute(q, new Float64Array(arm.nq), asked, 0);
        const off = Math.max(...told.map((x, j) => Math.abs(x - q[j])));
        assert.ok(off > 1e-3, `only ${off} rad`);
        for (let j = 0; j < arm.nq; j++) {
          const armature = 0.0004 * Math.min(arm.limits.effort[j], 500) * asked[j];
          const pull = -WEIGHT * load * J[2 * arm.nq + j];
          assert.ok(
            Math.abs(torque[j] + armature + pull) < 0.02 * WEIGHT * load * 0.1,
            `joint ${j}: ${torque[j] + armature} N·m against ${pull}`,
          );
        }
        simulation.dispose();
      }
    },
  );
});
