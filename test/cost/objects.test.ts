import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { BindError, createGoal, worstBlock } from "../../src/cost/index.js";
import { OracleArm, belief, stateWith } from "./oracleArm.js";
import { nq, context, agent, bind } from "./goalContext.js";

const read = new Map<string, ReturnType<typeof createGoal>>(); // each text is read once

/** Whether a goal holds with red and blue where they are predicted. */
function holds(goal: string, red: readonly number[], blue: readonly number[]): boolean {
  const residual = read.get(goal) ?? createGoal(bind(goal).goal[0], context);
  read.set(goal, residual);
  const r = new Float64Array(residual.dim);
  const x = {
    ...new OracleArm(nq, 1).instant(new Float64Array(nq), stateWith(belief("red", 9, 9, 9), belief("blue", 9, 9, 9))),
    predicted: { ids: ["blue", "red"], positions: Float64Array.of(7, 7, 7, ...blue, ...red), ip: 3 },
  };
  residual.evaluate(x, r);
  return worstBlock(residual.blocks, r) <= 1;
}

test("goals for objects hold just where their words say, of what is predicted rather than believed", () => {
  const rng = new Rng(1);
  const seen = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    const [a, b] = [0, 1].map(() => [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), rng.range(-0.1, 0.1)]);
    const flat = Math.hypot(a[0] - b[0], a[1] - b[1]);
    const laws: readonly (readonly [string, boolean])[] = [
      [
        "object_at: { object: red, position: [0.02, 0.01], tolerance: 3 cm }",
        Math.hypot(a[0] - 0.02, a[1] - 0.01) <= 0.03,
      ],
      [
        "object_at: { object: blue, position: [0.02, 0.01, 0], tolerance: 3 cm }",
        Math.hypot(b[0] - 0.02, b[1] - 0.01, b[2]) <= 0.03,
      ],
      [
        "region: { object: red, in: { sphere: { center: [0, 0, 0], radius: 5 cm } }, tolerance: 1 cm }",
        Math.hypot(...a) <= 0.06,
      ],
      [
        "region: { object: red, in: { half_space: { normal: [0, 0, 1], offset: 2 cm } }, tolerance: 1 cm }",
        a[2] <= 0.03,
      ],
      ["relation: { left_of: [red, blue] }", a[1] >= b[1]],
      ["relation: { right_of: [red, blue] }", a[1] <= b[1]],
      ["relation: { behind: [red, blue] }", a[0] >= b[0]],
      ["relation: { in_front_of: [red, blue] }", a[0] <= b[0]],
      ["relation: { on: [red, blue], tolerance: 3 cm }", flat <= 0.03 && a[2] >= b[2]],
      ["relation: { in: [red, blue], tolerance: 3 cm }", Math.hypot(...a.map((x, c) => x - b[c])) <= 0.03],
    ];
    const [goal, want] = laws[i % laws.length];
    assert.equal(holds(`{ ${goal} }`, a, b), want, `${goal} of ${a} and ${b}`);
    seen.add(`${i % laws.length} ${want}`);
  }
  assert.equal(seen.size, 20); // each law both ways
});

test("who predicts nothing believes: an object goal then looks at the belief", () => {
  const residual = createGoal(bind("{ object_at: { object: red, position: [0.1, 0.2] } }").goal[0], context);
  const r = new Float64Array(2);
  residual.evaluate(new OracleArm(nq, 1).instant(new Float64Array(nq), stateWith(belief("red", 0.12, 0.2, 0))), r);
  assert.ok(Math.abs(r[0] - 1) < 1e-9 && Math.abs(r[1]) < 1e-9);
});

test("an object that the model does not predict is told, with those it does", () => {
  assert.throws(
    () => bind("{ object_at: { object: red, position: [0, 0] } }", { ...agent, predicted: ["blue"] }),
    (e) =>
      e instanceof BindError &&
      e.code === "CAPABILITY" &&
      /goal\[0\]\.object_at: got 'red', want an object whose motion the world model predicts: blue/.test(e.message),
  );
});
