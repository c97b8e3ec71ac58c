import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { torqueNotice } from "../../src/agent/robot/torqueNotice.js";
import { InProcess } from "./inProcess.js";

const folder = mkdtempSync(join(tmpdir(), "telos-weak-"));
after(() => rmSync(folder, { recursive: true }));

/**
 * arm7 with so little effort that it saturates long before it reaches its accelerations: moving it takes up to 41, 89,
 * 32 and 34 N·m, standing up to 0, 51, 17 and 17.
 */
const EFFORT = [14, 60, 20, 20];
const file = join(folder, "weak.yaml");
writeFileSync(
  file,
  readFileSync("config/robots/arm7.yaml", "utf8")
    .replace("urdf: arm7.urdf", `urdf: ${resolve("config/robots/arm7.urdf")}`)
    .replace("    joint5:", `${EFFORT.map((t, j) => `    joint${j + 1}: { effort: ${t} N m }\n`).join("")}    joint5:`),
);

// far about the first joint, stretched out
const GOAL = "goal: [{ joint_positions: { joint1: -1.5 rad, joint2: -0.6 rad, joint4: 0.6 rad } }]";

/**
 * The greatest share of its effort that the simulated servo gave to a joint, and whether it got there; no further than
 * to `enough` of it.
 */
async function strain(
  enough: number,
  adapt?: (setup: AgentSetup) => AgentSetup,
): Promise<{ readonly strain: number; readonly done: number | undefined }> {
  const run = await InProcess.create({ scene: "table", task: GOAL, robot: file, adapt });
  let most = 0;
  let done: number | undefined;
  while (run.simulation.time < 20 && done === undefined && most < enough)
    done = await run.run(0.5, () =>
      EFFORT.forEach((t, j) => (most = Math.max(most, Math.abs(run.simulation.effort[j]) / t))),
    );
  return { strain: most, done };
}

test(
  "an arm too weak for its accelerations reaches its goal all the same, " +
    "and no joint saturates on the way; without the bound they do",
  async () => {
    const bound = await strain(Infinity);
    assert.ok(bound.done !== undefined, "it gets there");
    assert.ok(bound.strain < 1, `${bound.strain} of its effort`);
    const unbound = await strain(1 - 1e-9, (setup) => ({
      ...setup,
      arm: { ...setup.arm, limits: { ...setup.arm.limits, effort: setup.arm.limits.effort.map(() => Infinity) } },
    }));
    assert.ok(unbound.strain >= 1 - 1e-9, `${unbound.strain} of its effort where nothing bounds it`);
  },
);

test("torque is bounded wherever effort and mass are known, and it is said of which joints it is not, and why", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default" }),
    { arm } = setup,
    names = (s: AgentSetup): string[] => buildGuardrails(s).map((g) => g.name);
  const effort = (t: (x: number, j: number) => number): AgentSetup => ({
    ...setup,
    arm: { ...arm, limits: { ...arm.limits, effort: arm.limits.effort.map(t) } },
  });
  const light = (from: number): AgentSetup => ({
    ...setup,
    arm: {
      ...arm,
      inertias: arm.inertias.map((i, j) => (j >= from ? { ...i, mass: 0, inertia: [0, 0, 0, 0, 0, 0] as const } : i)),
    },
  });
  assert.ok(names(setup).includes("torque"));
  assert.deepEqual(torqueNotice(setup), {
    good: true,
    text: "torque is bounded at 95 % of the effort, with nothing carried, as no payload is declared",
  });
  for (const nothing of [effort(() => Infinity), light(0)]) assert.ok(!names(nothing).includes("torque"));
  assert.match(
    torqueNotice(effort(() => Infinity)).text,
    /^torque is not bounded: the description gives no effort of joint1, .*joint7$/,
  );
  assert.match(torqueNotice(light(0)).text, /^torque is not bounded: the description gives no mass of link1, .*link7$/);
  assert.match(
    torqueNotice(effort((t, j) => (j === 2 ? Infinity : t))).text,
    /of all joints but joint3, with nothing carried.*; the description gives no effort of joint3$/,
  );
  assert.match(torqueNotice(light(5)).text, /of all joints but joint6, joint7, .*no mass of link6, link7$/);
  assert.match(
    torqueNotice(effort((t, j) => (j === 1 ? 1 : t))).text,
    new RegExp(
      String.raw`holding still at home needs more torque than the effort \(joint2 [\d.]+ ` +
        String.raw`of 1 N·m\): set effort in limits.joints, or fix the masses$`,
    ),
  );
  const loaded = {
    ...light(0),
    robot: {
      ...setup.robot,
      guardrails: { payload: { mass: 2, com: [0, 0, 0] as [number, number, number], reserve: 0.1 } },
    },
  };
  assert.ok(names(loaded).includes("torque"));
  assert.match(torqueNotice(loaded).text, /^torque is bounded at 90 % of the effort, with 0 to 2 kg carried/);
});
