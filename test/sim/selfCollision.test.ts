import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { loadDescription } from "../../src/agent/robot/loadDescription.js";
import { loadRobotConfig, loadSceneConfig } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import { trials } from "../trials.js";

/**
 * The guardrail looks at capsules and leaves some pairs of them out; the simulator has all links' own shapes:
 * primitives, and hulls of the slices of their meshes.
 */
for (const name of ["arm7", "ur5", "so101"])
  test(`${name}: wherever the guardrail sees room between the links, the simulator's touch nothing`, async () => {
    const setup = loadSetup({ robot: name, agent: "default", scene: "empty" }),
      { urdf, arm } = loadDescription(name, loadRobotConfig(name));
    const guardrail = buildGuardrails(setup).find((g) => g.name === "self_collision")!,
      sweep = new Sweep(setup.arm),
      { lo, hi } = setup.arm.limits;
    const r = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq: arm.nq, nc: sweep.nc }),
      margin = new Float64Array(1),
      rng = new Rng(3),
      scene = { ...loadSceneConfig("empty"), robot: name };
    const simulation = await Simulation.create({ urdf, arm, scene: { ...scene, start: [...arm.home] }, seed: 1 });
    const postures = trials(name === "arm7" ? 200 : 15);
    let clear = 0;
    // A reset makes the hulls anew.
    for (let i = 0; i < postures; i++) {
      for (let j = 0; j < arm.nq; j++) r.q[j] = rng.range(Math.max(-Math.PI, lo[j]), Math.min(Math.PI, hi[j]));
      sweep.fill(r);
      guardrail.margin(r, margin, 1);
      if (margin[0] < 0) continue;
      clear++;
      simulation.reset({ scene: { ...scene, start: Array.from(r.q) } });
      simulation.step(0.002);
      assert.deepEqual(
        simulation.takeContacts().map(({ body1, body2 }) => `${body1} and ${body2}`),
        [],
        `at ${Array.from(r.q, (x) => x.toFixed(3)).join(", ")} rad, ${margin[0]} m of room told`,
      );
    }
    assert.ok(clear > postures / 4, `${clear} clear postures`);
    simulation.dispose();
  });
