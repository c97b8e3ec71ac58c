import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../src/core/Body.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { Objective } from "../../src/planner/Objective.js";
import { person, world } from "../guardrails/setups.js";

const near: Body = { ...person([0, 0, 0], [0, 0, 1], 0.1, 7), id: "near" },
  far: Body = { ...person([5, 0, 0], [5, 0, 1], 0.1, 10), id: "far" };

/**
 * A guardrail that says what it is told to: of standing still, and of each rollout; about people, of the body `near`,
 * and 9 m of any other.
 */
const says = (name: string, standing: number, margins: readonly number[], urgent = false): Guardrail => ({
  name,
  unit: "m",
  escapable: !urgent,
  urgent,
  margin: (r, out, K) => {
    const others = urgent && !r.from.bodies.includes(near);
    for (let k = 0; k < K; k++)
      if (others) out[k] = 9;
      else out[k] = r.N === 1 ? standing : margins[k];
  },
});

/** What is told of three rollouts, the first one the best. */
function told(links: readonly number[], people: readonly number[], standing = 1): ReturnType<Objective["obstruction"]> {
  const objective = new Objective(
    [],
    [says("self_collision", 1, links), says("separation", standing, people, true)],
    { distance: 0.1, weight: 1 },
    3,
    { nc: 0, fill: () => undefined },
    1,
  );
  const r = new Rollouts({ K: 3, H: 1, substeps: 1, dt: 1, nq: 1, nc: 0 });
  const from = { ...world(10, [far, near]), q: new Float64Array(1), v: new Float64Array(1) };
  r.from = from;
  objective.begin(from);
  objective.evaluate(r, 3, new Float64Array(3));
  const found = objective.obstruction(r);
  assert.equal(r.from, from);
  return found;
}

test("where every way breaks another guardrail, people are not what is in the way", () => {
  assert.deepEqual(told([-0.2, -1, -1], [-1, 1, -1]), {
    by: "separation",
    who: "person near, last reported 3.0 s ago",
    margin: -1,
    unit: "m",
    people: false,
  });
  assert.deepEqual(told([-0.2, -1, -1], [1, 1, 1]), {
    by: "self_collision",
    who: "",
    margin: -0.2,
    unit: "m",
    people: false,
  });
});

test(
  "where some way breaks theirs alone, or to stand still does, " +
    "they are, with the one who is nearest and when they were last reported",
  () => {
    const people = { by: "separation", who: "person near, last reported 3.0 s ago", unit: "m", people: true };
    assert.deepEqual(told([-0.2, 1, -1], [0.5, -1, 1]), { ...people, margin: 0.5 });
    assert.deepEqual(told([-1, -1, -1], [-0.1, -1, -1], -0.3), { ...people, margin: -0.1 });
  },
);
