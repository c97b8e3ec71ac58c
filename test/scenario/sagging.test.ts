import assert from "node:assert/strict";
import { lawsOf, poseError } from "./law.js";

const GOAL = [0.45, -0.3, 0.5]; // m
const { law } = lawsOf({
  domain: 31,
  sim: ["--scene", "sagging", "--no-camera"],
  agent: ["--scene", "sagging", "--agent", "tracking"],
});

law(
  "an arm that gives way under a load that nobody told it of comes to where it shall within 1 mm, as its agent has " +
    "learned how it follows",
  async (checker) => {
    const end = await checker.accomplish(
      `goal: [{ tool_pose: { position: [${GOAL.join(", ")}], tolerance: 1 mm } }]\nhold: 0.3 s\ntimeout: 20 s\n`,
    );
    assert.equal(end.success, true, end.message);
  },
  ({ tool }) => {
    const { distance } = poseError(tool, GOAL);
    assert.ok(distance <= 1.5e-3, `${distance} m off`);
  },
);
