import assert from "node:assert/strict";
import { lawsOf } from "./law.js";

/** The shipped world model at work: camera images over DDS, a picture as the goal, and no pose of any object told. */
const { law } = lawsOf({
  domain: 21,
  sim: ["--scene", "push_to_image"],
  agent: ["--agent", "learned", "--scene", "push_to_image"],
});
// m, as the picture of task push_to_image was drawn
const WANTED = { red: [0.53, -0.18], blue: [0.52, 0.02], green: [0.45, 0.22] } as const;
const TOLERANCE = 0.03; // m

law("a puck is pushed to where a picture shows it, and the others stay where it shows them", async (checker) => {
  await checker.resetScene("push_to_image"); // also where it is tried again
  const before = (await checker.verdict()).objects;
  assert.ok(apart(before.red, WANTED.red) > 0.07, "the puck lies at its goal already");
  const end = await checker.accomplish("push_to_image");
  assert.equal(end.success, true, end.message);
  await checker.sleep(0.5); // what was pushed slides on a little, and the arm with it
  const { objects } = await checker.verdict();
  for (const [id, place] of Object.entries(WANTED))
    assert.ok(
      apart(objects[id], place) < TOLERANCE,
      `${id} ends ${(100 * apart(objects[id], place)).toFixed(1)} cm from its place`,
    );
});

const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
