import assert from "node:assert/strict";
import { test } from "node:test";
import { postureMargins } from "../../src/agent/setup/postureMargins.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { ToolDisplacement } from "../../src/worldmodel/analytic/ToolDisplacement.js";
import { world } from "../guardrails/setups.js";
import { bind, InProcess } from "./inProcess.js";

// A block of 4 cm that lies on the table is lifted, and laid down again, with the agent file's clearance.

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
  { arm } = setup;
const model = new ToolDisplacement(arm, new Sweep(arm), {
  axes: ["x", "y", "z"],
  step: 0.06,
  dt: 0.4,
  substeps: 2,
  latency: 0,
});
const block = `holding: { id: block1, position: [0, 0, 0], orientation: { rpy: [180 deg, 0, 0] }, mass: 0.1 kg,
      position_std: 1 mm, parts: [{ box: { size: [4 cm, 4 cm, 4 cm] } }] }`,
  // it is held by its upper part: its bottom is at 0 where the tool is 2.75 cm above the table
  inHand = block.replace("[0, 0, 0]", "[0, 0, 7.5 mm]"),
  table = "support: { ids: [table], depth: 5 mm }";
const task = (z: number, rules: readonly string[]): string =>
  `goal: [{ tool_pose: { position: [0.45, 0, ${z}], pointing: [0, 0, -1], tolerance: 3 mm } }]\n` +
  (rules.length > 0 ? `guardrails:\n${rules.map((r) => `  - ${r}\n`).join("")}` : "");
const at = (z: number): Float64Array => {
  const q = new Float64Array(arm.nq);
  model.posture(q, [0.45, 0, z]);
  return q;
};
const worst = (z: number, rules: readonly string[], of = setup): string => {
  const margins = postureMargins(of, bind(setup, task(z, rules)), world(0), at(z));
  return margins
    .filter(({ value }) => !(value >= 0))
    .map(({ name }) => name)
    .join();
};

test("the tool may stand at a block on the table, with it in the hand only where the table supports it", () => {
  assert.equal(worst(0.027, []), "");
  assert.equal(worst(0.027, [block]), "fixed_geometry");
  assert.equal(worst(0.027, [block, table]), "");
  assert.equal(worst(0.0215, [table]), "fixed_geometry"); // the hand keeps its clearance
  assert.equal(worst(0.01, [block, table]), "fixed_geometry,support"); // and the block goes no deeper than told
});

test("a hand that may come nearer to what supports things does, and no nearer than its robot declares", () => {
  const near = {
    ...setup,
    robot: { ...setup.robot, guardrails: { ...setup.robot.guardrails, hand_clearance: 0.003 } },
  };
  assert.equal(worst(0.0197, [table], near), "");
  assert.equal(worst(0.0197, [], near), "fixed_geometry");
  assert.equal(worst(0.019, [table], near), "hand_clearance");
  assert.equal(worst(0.0197, [block, table], near), "");
});

test("a block on the table is lifted, and laid down again", async () => {
  for (const [from, to] of [
    [0.0275, 0.2],
    [0.2, 0.0275],
  ]) {
    const run = await InProcess.create({ scene: "table", task: task(to, [inHand, table]), start: at(from) });
    const done = await run.run(12);
    assert.ok(
      done !== undefined,
      `${run.agent.monitor.error} tolerances off from ${from} to ${to} m, ${run.agent.reflex.reason.by}`,
    );
    assert.deepEqual(run.contacts, []);
    run.simulation.dispose();
  }
});
