import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { BindError, readPng } from "../../../src/cost/index.js";
import { agent, folder, write, bind, pixels } from "../goalContext.js";

test(
  "pictures: grey, colour and transparency read as RGB, " + "from the task's own folder; all else is told at its place",
  () => {
    const grey = Uint8Array.from({ length: 48 }, (_, i) => 5 * i);
    assert.deepEqual(
      readPng(write("grey.png", { width: 8, height: 6, data: grey, channels: 1 })).data,
      Uint8Array.from({ length: 144 }, (_, i) => grey[Math.floor(i / 3)]),
    );
    const rgba = Uint8Array.from({ length: 192 }, (_, i) =>
      i % 4 === 3 ? 0 : pixels[3 * Math.floor(i / 4) + (i % 4)],
    );
    assert.deepEqual(readPng(write("rgba.png", { width: 8, height: 6, data: rgba, channels: 4 })).data, pixels);
    const png = readFileSync(join(folder, "goal.png"));
    write("small.png", { width: 4, height: 6, data: new Uint8Array(72) });
    write("deep.png", { width: 8, height: 6, data: new Uint16Array(144), depth: 16, channels: 3 });
    write("cut.png", png.subarray(0, png.length - 30));
    write("text.png", Buffer.from("no picture at all, but longer than a PNG's head is"));
    const vast = Uint8Array.from(png);
    new DataView(vast.buffer).setUint32(16, 1 << 30);
    write("vast.png", vast);
    const told = (goal: string, reason: RegExp, a = agent): void =>
      assert.throws(
        () => bind(goal, a),
        (e) =>
          e instanceof BindError && reason.test(e.message) && e.message.startsWith(`${join(folder, "task.yaml")}:1:`),
      );
    for (const [file, reason] of [
      ["none.png", /got no readable file \(ENOENT\)/],
      [".", /not a file/],
      ["small.png", /got 4 × 6 pixels, want 8 × 6/],
      ["deep.png", /got 16 bits a colour/],
      ["cut.png", /damaged/],
      ["text.png", /got no PNG file/],
      ["vast.png", /got 1073741824 × 6 pixels, want at most/],
    ] as const)
      told(`{ goal_image: { path: ${file} } }`, new RegExp(`goal\\[0\\]\\.goal_image\\.path: .*${reason.source}`));
    told(
      "{ goal_image: { path: goal.png, camera: wrist } }",
      /goal_image\.camera: got the camera 'wrist', want 'camera'/,
    );
    told("{ goal_image: { path: goal.png } }", /no world model of this agent predicts images/, {
      ...agent,
      images: undefined,
    });
  },
);

test("1,000 damaged pictures are read or refused by a BindError, nothing else", () => {
  const rng = new Rng(8);
  const png = readFileSync(join(folder, "goal.png"));
  let refused = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = Uint8Array.from(png.subarray(0, i % 3 === 0 ? rng.bits() % png.length : png.length));
    for (let n = rng.bits() % 4; n >= 0 && bytes.length > 0; n--) bytes[rng.bits() % bytes.length] = rng.bits();
    const file = write("damaged.png", bytes);
    try {
      readPng(file);
    } catch (error) {
      assert.ok(error instanceof BindError && error.message.startsWith(file), String(error));
      refused++;
    }
  }
  assert.ok(refused > 700);
});
