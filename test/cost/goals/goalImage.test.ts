import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Percept } from "../../../src/core/Percept.js";
import { createGoal, hasPictures, seeGoals, worstBlock } from "../../../src/cost/index.js";
import { OracleArm, belief, randomAngles, stateWith } from "../oracleArm.js";
import { nq, context, bind, pixels, percept } from "../goalContext.js";

test(
  "a goal image holds where objects and tool are within its tolerance of where they are seen in it, " +
    "and never before it was looked at",
  async () => {
    const rng = new Rng(3);
    for (const match of ["all", "objects", "tool"] as const) {
      const spec = bind(`{ goal_image: { path: goal.png, match: ${match}, tolerance: 4 cm } }`);
      assert.ok(hasPictures(spec));
      const shown: unknown[] = [];
      const seen = structuredClone(await seeGoals(spec, async (picture) => (shown.push(picture), percept)));
      assert.deepEqual(shown, [{ width: 8, height: 6, data: pixels }]);
      const [blind, goal] = [createGoal(spec.goal[0], context), createGoal(seen.goal[0], context)];
      let yes = 0;
      for (let i = 0; i < 500; i++) {
        const near = (p: readonly number[]): [number, number, number] =>
          p.map((v) => v + rng.range(-0.03, 0.03)) as [number, number, number];
        const [red, blue, tool] = [
          near(percept.objects[0].position),
          near(percept.objects[1].position),
          near(percept.tool),
        ];
        const x = new OracleArm(nq, 1).instant(
          new Float64Array(nq),
          stateWith(belief("red", ...red), belief("blue", ...blue)),
        );
        x.tool.set([1, 0, 0, tool[0], 0, 1, 0, tool[1], 0, 0, 1, tool[2]]);
        const r = new Float64Array(goal.dim);
        goal.evaluate(x, r);
        const away = (p: readonly number[], q: readonly number[]): number => Math.hypot(...p.map((v, c) => v - q[c]));
        const want =
          (match === "tool" ||
            (away(red, percept.objects[0].position) <= 0.04 && away(blue, percept.objects[1].position) <= 0.04)) &&
          (match === "objects" || away(tool, percept.tool) <= 0.04);
        assert.equal(worstBlock(goal.blocks, r) <= 1, want);
        if (want) yes++;
        blind.evaluate(x, r.fill(0));
        assert.ok(!(worstBlock(blind.blocks, r) <= 1));
      }
      assert.ok(yes > 50 && yes < 450, `${yes}`);
    }
  },
);

test(
  "a goal picture asks only for objects that it shows clearly; " +
    "where it shows none and only objects are asked for, for all",
  async () => {
    const [red, blue] = percept.objects;
    const hidden = { ...percept, objects: [red, { ...blue, std: 0.2 }] };
    const none = { ...percept, objects: [red, blue].map((o) => ({ ...o, std: 0.2 })) };
    const asked = async (match: string, shown: Percept): Promise<string[]> => {
      const { goal } = await seeGoals(bind(`{ goal_image: { path: goal.png, match: ${match} } }`), async () => shown);
      return (goal[0].spec as { seen: Percept }).seen.objects.map((o) => o.id);
    };
    assert.deepEqual(await asked("all", percept), ["red", "blue"]);
    assert.deepEqual(await asked("all", hidden), ["red"]);
    assert.deepEqual(await asked("all", none), []);
    assert.deepEqual(await asked("objects", none), ["red", "blue"]);
  },
);

test("a goal image's slope by the joints is the tool's", async () => {
  const goal = createGoal(
    (await seeGoals(bind("{ goal_image: { path: goal.png } }"), async () => percept)).goal[0],
    context,
  );
  const arm = new OracleArm(nq, 2);
  const from = stateWith(belief("red", 0, 0, 0), belief("blue", 0, 0, 0));
  const q = randomAngles(nq, new Rng(4));
  const at = (p: Float64Array, J?: Float64Array): Float64Array => {
    const r = new Float64Array(goal.dim);
    goal.evaluate(arm.instant(p, from), r, J);
    return r;
  };
  const J = new Float64Array(goal.dim * nq).fill(NaN);
  at(q, J);
  for (let j = 0; j < nq; j++) {
    const [plus, minus] = [1e-6, -1e-6].map((d) => at(q.map((x, k) => (k === j ? x + d : x))));
    for (let i = 0; i < goal.dim; i++) assert.ok(Math.abs((plus[i] - minus[i]) / 2e-6 - J[i * nq + j]) < 1e-3);
  }
});
