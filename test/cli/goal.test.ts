import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sceneImage } from "../../src/cli/sceneImage.js";
import { packageRoot } from "../../src/config/index.js";
import { readPng } from "../../src/cost/index.js";
import { telos } from "./telos.js";

const scratch = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), "telos-goal-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "goal.png");
};

/** Mean and largest difference of two pictures in 8-bit levels. */
function difference(a: Uint8Array, b: Uint8Array): { mean: number; changed: number } {
  let sum = 0;
  let changed = 0;
  for (let i = 0; i < a.length; i++) {
    sum += Math.abs(a[i] - b[i]);
    if (Math.abs(a[i] - b[i]) > 40) changed++;
  }
  return { mean: sum / a.length, changed };
}

test("a drawn goal is the scene as its camera sees it, with the objects where they were placed", async (t) => {
  const out = scratch(t);
  const { code, stdout, stderr } = await telos([
    "goal",
    "draw",
    "--scene",
    "pucks",
    "--seed",
    "5",
    "--place",
    "red=0.5,-0.25",
    "--place",
    "blue=0.4,0.05",
    "--out",
    out,
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /goal\.png: 64 × 64 pixels/);
  const view = { scene: "pucks", seed: 5, camera: "camera" };
  const placed = await sceneImage({
    ...view,
    places: new Map([
      ["red", [0.5, -0.25]],
      ["blue", [0.4, 0.05]],
    ]),
  });
  assert.deepEqual(readPng(out).data, placed.data);
  assert.ok(difference(placed.data, (await sceneImage(view)).data).changed > 60); // two pucks are elsewhere
});

test("the shipped goal is what the command in its task's file draws", async (t) => {
  const folder = join(packageRoot(), "config", "tasks");
  const [, command] = /^# +telos (goal draw .*) --out \S+$/m.exec(
    readFileSync(join(folder, "push_to_image.yaml"), "utf8"),
  )!;
  const out = scratch(t);
  const { code, stderr } = await telos([...command.split(" "), "--out", out]);
  assert.equal(code, 0, stderr);
  assert.ok(difference(readPng(out).data, readPng(join(folder, "push_to_image.png")).data).mean < 0.5);
});

test("what is not in the scene is told with what is", async (t) => {
  const out = scratch(t);
  for (const [args, reason] of [
    [["--place", "rad=0.5,0"], /object: got 'rad' \(did you mean 'red'\?\), want one of scene pucks: red, blue, green/],
    [["--camera", "wrist"], /camera: got 'wrist', want one of scene pucks: camera/],
    [["--place", "red=here"], /--place <id=x,y>' argument 'red=here' is invalid/],
    [["--start", "0,1"], /start/],
  ] as const) {
    const { code, stderr } = await telos(["goal", "draw", "--scene", "pucks", ...args, "--out", out]);
    assert.equal(code, 1);
    assert.match(stderr, reason);
  }
});
