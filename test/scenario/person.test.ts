import assert from "node:assert/strict";
import { lawsOf } from "./law.js";

const { law } = lawsOf({ domain: 2, sim: ["--scene", "person", "--no-camera"], agent: ["--scene", "person"] });

/** The tool to the left or right of where the person reaches in, low enough to be in the way. */
const place = (y: number): string => `name: across\ngoal:\n  - tool_pose: { position: [0.5 m, ${y} m, 0.22 m], pointing: [0, 0, -1], tolerance: 2 cm, angle_tolerance: 5 deg }\ntimeout: 6 s\n`;
const REACHES_UNTIL = 17; // s of the scene's time: twice in, twice back

law("a person who reaches in, again and again, is never touched by a moving arm; once the person is gone the goal is reached", async (judge) => {
  assert.equal((await judge.resetScene("person")).success, true);
  await judge.begin();
  const codes: number[] = [];
  let began: number | undefined;
  for (let y = 0.25; ; y = -y) {
    const end = await judge.accomplish(place(y));
    began ??= end.at - end.duration;
    codes.push(end.code);
    assert.ok(codes.length < 40, `goals end at once: ${codes.join(" ")}, ${end.message}`);
    if (end.at - began > REACHES_UNTIL) break;
  }
  assert.ok(codes.includes(0), `no goal was reached all the while: ${codes.join(" ")}`);
  const end = await judge.accomplish(place(0.25));
  assert.equal(end.success, true, end.message);
}, ({ fastest }) => assert.ok(fastest > 0.5, `it hardly moved: ${fastest} rad/s`));
