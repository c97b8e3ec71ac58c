import assert from "node:assert/strict";
import { lawsOf } from "./law.js";

const { law } = lawsOf({ domain: 2, sim: ["--scene", "person", "--no-camera"], agent: ["--scene", "person"] });

/** Two places to go between: one that the person reaches into, one that the person never comes near. */
const places = [-0.05, -0.4] as const; // m, y of the tool
const place = (y: number): string =>
  // longer than the person stays
  `name: across\ngoal:\n  - tool_pose: { position: [0.45 m, ${y} m, 0.25 m], pointing: [0, 0, -1], tolerance: 2 cm, ` +
  `angle_tolerance: 5 deg }\ntimeout: 9 s\n`;
const REACHES_UNTIL = 17; // s of the scene's time: twice in, twice back

law(
  "a person who reaches in, again and again, is never touched by a moving arm; once the person is gone the goal is " +
    "reached",
  async (checker) => {
    await checker.sleep(2.5); // the person now stands with the arm out, if nobody was slow to begin
    assert.equal((await checker.resetScene("person")).success, true);
    await checker.begin();
    const codes: number[] = [];
    let began: number | undefined;
    for (;;) {
      const end = await checker.accomplish(place(places[codes.length % 2]));
      began ??= end.at - end.duration;
      codes.push(end.code);
      assert.ok(codes.length < 40, `goals end at once: ${codes.join(" ")}, ${end.message}`);
      if (end.at - began > REACHES_UNTIL) break;
    }
    assert.ok(codes.includes(0), `no goal was reached all the while: ${codes.join(" ")}`);
    const end = await checker.accomplish(place(places[codes.length % 2]));
    assert.equal(end.success, true, end.message);
  },
  ({ fastest }) => assert.ok(fastest > 0.5, `it hardly moved: ${fastest} rad/s`),
);
