import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { InverseDynamics } from "../../src/kinematics/InverseDynamics.js";
import { OracleTorque } from "../guardrails/OracleTorque.js";
import { arm } from "../guardrails/setups.js";
import { TaskFuzz } from "./TaskFuzz.js";
import { weak } from "./weak.js";
import { trials } from "../trials.js";

const WORLDS = trials(4), // `npm run fuzz` takes a hundred times as many steps
  STEPS = 400;

test("the checker's torques are those of the product, in random states of motion", () => {
  const a = arm("ur5"),
    checker = new OracleTorque(a),
    own = new InverseDynamics(a),
    rng = new Rng(1);
  for (let i = 0; i < 20; i++) {
    const q = a.home.map((_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])),
      v = q.map(() => rng.range(-2, 2)),
      u = q.map(() => rng.range(-8, 8));
    const bare = own.compute(q, v, u, 0).slice(),
      more = own.carry(a.toolOffset[3], a.toolOffset[7], a.toolOffset[11]);
    checker
      .torques(q, v, u, 3)
      .forEach((t, j) => assert.ok(Math.abs(t - bare[j] - 3 * more[j]) < 1e-5, `${t} and ${bare[j] + 3 * more[j]}`));
  }
});

for (const { name, of, load } of weak())
  test(
    `${name}, weak, with tasks that lay shapes over it and give it a load: each violation is fixed for itself, ` +
      "every command ends at rest where nothing is broken anew, and no joint needs more than it has",
    () => {
      const sum = { moving: 0, commands: 0, recoveries: 0 };
      for (let seed = 1; seed <= WORLDS; seed++) {
        const report = new TaskFuzz(of, load, seed).run(STEPS);
        assert.equal(report.violations, 0, JSON.stringify({ seed, ...report }));
        for (const key of ["moving", "commands", "recoveries"] as const) sum[key] += report[key];
      }
      assert.ok(sum.moving > 0.1 * WORLDS * STEPS && sum.recoveries > 3 * WORLDS, JSON.stringify(sum));
    },
  );
