import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildLevel } from "../../src/agent/setup/buildLevel.js";
import { loadSceneConfig } from "../../src/config/index.js";
import type { Body } from "../../src/core/Body.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { bind } from "../agent/inProcess.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";

const clock = { now: () => 0 };

/** The first plan of the top level: of the straight ways alone, or in haste. */
async function first(
  setup: AgentSetup,
  task: string,
  q: Float64Array,
  bodies: readonly Body[],
  how: "straight" | "haste",
): Promise<Plan> {
  const from = { stamp: 0, q, v: new Float64Array(q.length), objects: new Map(), bodies };
  const haste = how === "haste";
  const level = buildLevel(setup, 0, bind(setup, task), new Rng(1));
  return (await level.replan(from, { clock, deadline: haste ? 1 : -1, haste })).plan;
}

test(
  "in haste a way round the wall is found wherever the straight one is barred, " + "and it keeps clear of the wall",
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" }),
      { arm, fixed, agent } = setup,
      oracle = new OracleGeometry(arm);
    const start = Float64Array.from(loadSceneConfig("wall").start!);
    let barred = 0;
    for (const { task } of drawGoals(setup, 40, 13)) {
      if ((await first(setup, task, start, [], "straight")).feasible) continue;
      const plan = await first(setup, task, start, [], "haste");
      barred++;
      assert.ok(plan.feasible && plan.iterations === 0, task);
      for (let n = 0; n < plan.q.length; n += 4 * arm.nq) {
        oracle.place(plan.q.subarray(n, n + arm.nq));
        for (const shape of fixed)
          arm.capsules.forEach((c, i) =>
            assert.ok(
              c.link === 0 || oracle.toShape(i, shape) > agent.guardrails.clearance - 1e-6,
              `${task}: ${c.name} at knot ${n / arm.nq}`,
            ),
          );
      }
    }
    assert.ok(barred >= 3, `${barred} barred`);
  },
);

test(
  "past a person who bars the way at full speed there is a slow one in haste, " +
    "on which nobody can be touched before the arm rests",
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "person" }),
      { arm, agent } = setup,
      { velocity, acceleration } = arm.limits,
      oracle = new OracleGeometry(arm);
    const capsules = loadSceneConfig("person").bodies.flatMap(({ id, kind, capsules }) =>
      capsules.map((c) => ({ id, kind, ...c })),
    );
    const reaching = (by: number): Body[] =>
      capsules.map((c) => ({
        ...c,
        ...(c.id === "person_arm"
          ? { p0: [c.p0[0], c.p0[1] - by, c.p0[2]] as const, p1: [c.p1[0], c.p1[1] - by, c.p1[2]] as const }
          : {}),
        speedBound: 1.6,
        stamp: 0,
      }));
    const task = "goal: [{ tool_pose: { position: [0.45, -0.4, 0.25], pointing: [0, 0, -1] } }]";
    let slow = 0;
    for (let by = 0; by <= 0.3; by += 0.03) {
      const bodies = reaching(by);
      if ((await first(setup, task, arm.home, bodies, "straight")).feasible) continue;
      const plan = await first(setup, task, arm.home, bodies, "haste"),
        step = plan.dt / plan.substeps;
      if (!plan.feasible) continue; // too near for any pace
      slow++;
      for (let n = 1; n < plan.q.length / arm.nq; n++) {
        const [a, b] = [n - 1, n].map((i) => plan.q.subarray(i * arm.nq, (i + 1) * arm.nq));
        const speed = Array.from(a, (x, j) => Math.abs(b[j] - x) / step),
          stop = Math.max(...speed.map((v, j) => v / acceleration[j]));
        assert.ok(speed.every((v, j) => v <= velocity[j] + 1e-9));
        oracle.place(b);
        for (const { p0, p1, radius, speedBound } of bodies)
          arm.capsules.forEach((c, i) => {
            const room =
              oracle.toSegment(i, Float64Array.of(...p0, ...p1)) -
              radius -
              speedBound * (stop + agent.reflex.lead + agent.reflex.period);
            assert.ok(c.link === 0 || room > 0, `reaching ${by} m: ${c.name} at knot ${n}: ${room} m`);
          });
      }
    }
    assert.ok(slow >= 2, `${slow} slow ways`);
  },
);
