import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Plan } from "../../../src/core/Plan.js";
import type { State } from "../../../src/core/State.js";
import type { Level } from "../../../src/planner/hierarchy/Level.js";
import { LevelRunner } from "../../../src/planner/hierarchy/LevelRunner.js";

type Request = Parameters<Level["plan"]>;
const clock = { now: () => 0 };
const from: State = { stamp: 0, q: new Float64Array(1), v: new Float64Array(1), objects: new Map(), bodies: [] };
const percept = { z: new Float32Array(1), q: new Float64Array(1) };

/** A level that notes what it is asked, and draws one number for each plan. */
function fake(feasible: (n: number) => boolean = () => true): { asked: Request[]; level: Level } {
  const asked: Request[] = [];
  const plan = async (...request: Request): Promise<Plan> =>
    ({ feasible: feasible(asked.push(request) - 1), energy: request[2].rng.uniform() }) as Plan;
  return { asked, level: { name: "fake", plan } as unknown as Level };
}

const upper = (feasible: boolean): Plan => ({ feasible }) as Plan;
const runner = (level: Level, isTop = true, sees = false): LevelRunner =>
  new LevelRunner({ level, rng: new Rng(1), isTop, sees });

test("a plan begins with the one before, also with one that breaks a guardrail, but for one made in haste", async () => {
  const { asked, level } = fake((n) => n === 1);
  const run = runner(level);
  const hasty = await run.replan(from, { clock, deadline: 1, haste: true });
  assert.deepEqual([hasty.plan.feasible, run.plan], [false, undefined]);
  const second = await run.replan(from, { clock, deadline: 1 });
  const third = await run.replan(from, { clock, deadline: 1 });
  await run.replan(from, { clock, deadline: 1 });
  assert.deepEqual(
    asked.map(([, , { warm }]) => warm),
    [undefined, undefined, second.plan, third.plan],
  );
});

test("the subgoal is the newest plan above that keeps the guardrails", async () => {
  const { asked, level } = fake();
  const run = runner(level, false);
  const [good, better] = [upper(true), upper(true)];
  for (const plan of [upper(false), good, better, upper(false)]) {
    run.follow(plan);
    await run.replan(from, { clock, deadline: 1 });
  }
  assert.deepEqual(
    asked.map(([, above]) => above),
    [undefined, good, better, better],
  );
});

test("a level waits for a plan above and for an image, where it needs them", () => {
  const { level } = fake();
  assert.ok(runner(level).isReady({}));
  assert.ok(!runner(level, true, true).isReady({}) && runner(level, true, true).isReady({ percept }));
  const below = runner(level, false, true);
  assert.ok(!below.isReady({ percept }));
  below.follow(upper(true));
  assert.ok(!below.isReady({}) && below.isReady({ percept }));
});

test("from the inputs of a plan the same plan is made again, whatever was planned since", async () => {
  const { asked, level } = fake();
  const run = runner(level);
  await run.replan(from, { clock, deadline: 1 });
  const { plan, inputs } = await run.replan(from, { clock, deadline: 2, haste: true });
  await run.replan(from, { clock, deadline: 3 });
  assert.deepEqual(await run.again(structuredClone(inputs), clock), plan);
  const { rng: _first, ...then } = asked[1][2];
  const { rng: _again, ...now } = asked[3][2];
  assert.deepEqual(now, then);
});
