import assert from "node:assert/strict";
import { test } from "node:test";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { InProcess } from "./inProcess.js";

test(
  "a task that carries a liquid: the arm reaches its goals slowly, " +
    "and by second differences of the tool's place the cup stays within the angle",
  async () => {
    for (const task of [
      "carry_cup",
      "goal: [{ tool_pose: { position: [0.5, -0.2, 0.25], pointing: [0, 0, -1] } }]\n" +
        "guardrails: [{ spill: { max: 10 deg, axis: [0, 0, -1] } }]",
    ]) {
      const max = (task === "carry_cup" ? 15 : 10) * (Math.PI / 180);
      const run = await InProcess.create({ scene: "table", task }),
        oracle = new OracleGeometry(run.setup.arm),
        path: number[][] = [];
      let worst = 0,
        fastest = 0;
      const done = await run.run(20, () => {
        const { tool: T } = oracle.place(run.agent.reflex.q);
        path.push([T[3], T[7], T[11], T[2], T[6], T[10]]);
        if (path.length < 3) return;
        const [a, b, c] = path.slice(-3),
          felt = [0, 1, 2].map((d) => (a[d] - 2 * b[d] + c[d]) / 1e-4 + (d === 2 ? 9.81 : 0));
        worst = Math.max(worst, Math.acos(-(b[3] * felt[0] + b[4] * felt[1] + b[5] * felt[2]) / Math.hypot(...felt)));
        fastest = Math.max(fastest, Math.hypot(c[0] - b[0], c[1] - b[1], c[2] - b[2]) / 0.01);
      });
      assert.ok(
        done !== undefined,
        `not reached: ${run.agent.monitor.error} tolerances off, ${run.agent.reflex.reason.by}`,
      );
      assert.ok(worst <= max && worst > 0.01, `${worst} rad`);
      assert.ok(fastest > 0.05, `${fastest} m/s`);
      assert.deepEqual([run.contacts, run.agent.reflex.stopped], [[], 0]);
    }
  },
);
