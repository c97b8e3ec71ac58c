import assert from "node:assert/strict";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";
import { lawsOf, poseError } from "./law.js";
import type { Verdict } from "../../src/evaluation/Checker.js";

const { world, law } = lawsOf({ domain: 1, sim: ["--scene", "wall", "--no-camera"], agent: ["--scene", "wall"] });
const BEHIND = [0.55, 0, 0.25] as const; // m, config/tasks/around_wall.yaml
const WALL = 0.36; // m, x of the wall's middle

/** y of the tool where it passes the wall. */
function passage({ path }: Verdict): number {
  const i = path.findIndex(([, x], k) => k > 0 && path[k - 1][1] < WALL && x >= WALL);
  assert.ok(i > 0, "the tool never passed the wall");
  return path[i][2];
}

law(
  "a wall stands before the goal: the arm goes round it and arrives within 2 cm",
  async (checker) => {
    const end = await checker.accomplish("around_wall");
    assert.equal(end.success, true, end.message);
  },
  (verdict) => {
    passage(verdict);
    assert.ok(poseError(verdict.tool, BEHIND).distance <= 0.02);
  },
);

for (const [i, goal] of drawGoals(loadSetup({ robot: "arm7", agent: "default", scene: "wall" }), 3, 5).entries()) {
  law(
    `with the wall in its way a drawn pose is reached within 2 cm and 5° (${i + 1} of 3)`,
    async (checker) => {
      const end = await checker.accomplish(goal.task);
      assert.equal(end.success, true, end.message);
    },
    ({ tool }) => {
      const { distance, angle } = poseError(tool, goal.position, goal.orientation);
      assert.ok(distance <= 0.02 && angle <= 5, `${distance} m, ${angle}° off`);
    },
  );
}

// the other side, and another seed: agent/Agent.test.ts
law(
  "where the way on one side is clearly cheaper it is taken: wall_left",
  async (checker) => {
    assert.equal((await checker.resetScene("wall_left")).success, true);
    await world.restartAgent(["--scene", "wall_left"]);
    await checker.begin();
    const end = await checker.accomplish("around_wall");
    assert.equal(end.success, true, end.message);
  },
  (verdict) => {
    const y = passage(verdict);
    assert.ok(y > 0, `the tool passed the wall at y = ${y} m`);
    assert.ok(poseError(verdict.tool, BEHIND).distance <= 0.02);
  },
);
