import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { InProcess } from "../agent/inProcess.js";

const LATE = 0.05; // s
const task = "goal: [{ joint_positions: { joint1: 1.2 rad, joint4: 1.4 rad } }]\nhold: 0.1 s\ntimeout: 20 s\n";
const told =
  (delay: number) =>
  (s: AgentSetup): AgentSetup => ({ ...s, robot: { ...s.robot, controller: { ...s.robot.controller, delay } } });

/** Time to the goal, the fastest joint, and by how much the links grew at most. */
async function go(
  late: number,
  declared: number,
): Promise<{ time: number; fastest: number; grown: number; contacts: readonly string[] }> {
  const run = await InProcess.create({ scene: "table", task, adapt: told(declared), servo: { delay: late } });
  let fastest = 0,
    grown = 0;
  const time = await run.run(20, () => {
    fastest = Math.max(fastest, ...run.simulation.v.map((v, j) => Math.abs(v) / run.setup.arm.limits.velocity[j]));
    grown = Math.max(grown, (run.agent.reflex as unknown as { measured: { strayed: number } }).measured.strayed);
  });
  run.simulation.dispose();
  assert.ok(
    time !== undefined,
    `late by ${late} s, ${declared} s declared: not there in 20 s, ${run.agent.reflex.reason.by}`,
  );
  return { time, fastest, grown, contacts: run.contacts };
}

test(
  "an arm behind a servo that is 50 ms late goes as fast as one that is not where its file says so, " +
    "and as safely where it does not",
  async (t) => {
    const prompt = await go(0, 0),
      declared = await go(LATE, LATE),
      silent = await go(LATE, 0);
    t.diagnostic(
      `to the goal: ${prompt.time.toFixed(2)} s; 50 ms late and declared ${declared.time.toFixed(2)} s; not declared ` +
        `${silent.time.toFixed(2)} s`,
    );
    t.diagnostic(`links grown by, rad: ${[prompt, declared, silent].map((r) => r.grown.toFixed(4)).join(", ")}`);
    assert.ok(declared.time <= prompt.time + LATE + 0.15, `${declared.time} s, prompt ${prompt.time} s`);
    assert.ok(declared.grown < 0.01 && silent.grown > 0.03, `${declared.grown} rad declared, ${silent.grown} rad not`);
    for (const r of [prompt, declared, silent]) assert.ok(r.fastest <= 1 && r.contacts.length === 0, JSON.stringify(r));
  },
);
