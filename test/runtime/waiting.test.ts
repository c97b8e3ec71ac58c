import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { Patience } from "../../src/agent/task/Patience.js";
import type { Plan } from "../../src/core/Plan.js";
import { levelsOf } from "../agent/levelsOf.js";
import { InProcess } from "../agent/inProcess.js";

const LEAVES = 20; // s
const person = (x: number): string => `name: waits
bodies:
  - id: visitor
    kind: person
    speed_bound: 1.6 m/s
    capsules: [{ p0: [${x} m, 0 m, 0.1 m], p1: [${x} m, 0 m, 0.6 m], radius: 10 cm }]
    path: [{ at: ${LEAVES} s, move: [0 m, 0 m, 0 m] }, { at: ${LEAVES + 1.5} s, move: [2 m, 0 m, 0 m] }]
`;
const swing = "name: swing\ngoal:\n  - joint_positions: { joint1: 0.8 rad, joint4: 1.5 rad }\ntimeout: 60 s\n";

/** The lowest level alone, with few samples. */
const light = (setup: AgentSetup): AgentSetup => {
  const level = setup.agent.levels.at(-1)!;
  return {
    ...setup,
    agent: { ...setup.agent, levels: [{ ...level, period: 0.2, search: { ...level.search, samples: 8 } }] },
  };
};

test(
  "a person who stands in the way for 20 s ends no task: " + "it waits, says for whom, and is done when they have gone",
  async () => {
    const scene = join(mkdtempSync(join(tmpdir(), "telos-")), "waits.yaml");
    writeFileSync(scene, person(0.72));
    const run = await InProcess.create({ scene, task: swing, adapt: light });
    const [level] = levelsOf(run.agent),
      search = level.plan.bind(level);
    level.plan = (from, above, o) => {
      let looks = 0; // at the clock: without a plan that may be, a search would use all its time
      return search(from, above, { ...o, clock: { now: () => looks++ }, deadline: 6 });
    };
    const patience = new Patience(0);
    let seen: Plan | undefined,
      waited = 0,
      touched = Infinity;
    const done = await run.run(40, () => {
      const t = run.simulation.time,
        plan = run.agent.plans[0];
      if (plan !== seen) patience.plan([(seen = plan)], t);
      assert.equal(patience.spent, "", `given up at ${t.toFixed(1)} s`);
      if (/^waiting for person visitor.*\(separation\)$/.test(patience.waiting)) waited++;
      for (const [, d] of run.simulation.personDistances()) touched = Math.min(touched, d);
    });
    run.simulation.dispose();
    assert.ok(done !== undefined && done > LEAVES, `done at ${done} s`);
    assert.ok(waited > 1000, `told for ${waited} ticks that it waits`);
    assert.ok(touched > 0, `${touched} m`);
  },
);

const plan = (feasible: boolean, people?: boolean): Plan =>
  ({
    feasible,
    obstruction:
      people === undefined
        ? undefined
        : {
            by: people ? "separation" : "self_collision",
            who: people ? "person p, last reported 3.2 s ago" : "",
            margin: -0.05,
            unit: "m",
            people,
          },
  }) as unknown as Plan;

test("patience: 5 s without a plan that may be, or would be but for people; what is in the way is named", () => {
  const p = new Patience(0);
  for (let t = 0; t < 100; t++) p.plan([plan(false, true)], t);
  assert.equal(p.spent, "");
  assert.equal(p.waiting, "waiting for person p, last reported 3.2 s ago (separation)");
  for (let t = 100; t <= 103; t++) p.plan([plan(false, false)], t);
  assert.equal(p.waiting, "");
  assert.equal(p.spent, "");
  const last = plan(false, false);
  p.plan([last], 104);
  p.plan([last], 200);
  assert.equal(p.spent, "", "a top level that plans nothing is a busy machine");
  p.plan([plan(false, false)], 105);
  assert.match(p.spent, /no admissible plan for 5 s: self_collision is violated by 0\.050 m/);
  p.plan([plan(true)], 105);
  assert.equal(p.spent, "");
});
