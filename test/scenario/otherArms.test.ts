import assert from "node:assert/strict";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";
import { lawsOf, poseError } from "./law.js";

for (const [i, robot] of ["ur5", "so101"].entries()) {
  const choice = ["--robot", robot, "--scene", "empty"];
  const { law } = lawsOf({ domain: 5 + i, sim: [...choice, "--no-camera"], agent: choice });
  const [goal, another] = drawGoals(loadSetup({ robot, agent: "default", scene: "empty" }), 2, 3);
  law(
    `another arm works by configuration alone: ${robot}`,
    async (checker) => {
      for (const { task } of [another, goal]) {
        const end = await checker.accomplish(task);
        assert.equal(end.success, true, end.message);
      }
    },
    ({ tool }) => {
      const { distance, angle } = poseError(tool, goal.position, robot === "so101" ? undefined : goal.orientation);
      assert.ok(distance <= 0.02 && angle <= 5, `${distance} m, ${angle}° off`);
    },
  );
}
