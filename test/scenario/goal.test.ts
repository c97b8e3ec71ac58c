import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sceneImage } from "../../src/cli/sceneImage.js";
import { readPng } from "../../src/cost/index.js";
import { telos } from "../cli/telos.js";
import { Program } from "../../src/evaluation/Program.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));

test("a goal captured over DDS is the picture that the camera publishes", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "telos-goal-"));
  const sim = new Program({
    name: "sim",
    command: process.execPath,
    args: [MAIN, "sim", "--scene", "push_to_image"],
    env: process.env,
    sign: /telos_sim ready/,
  });
  t.after(() => {
    sim.child.kill("SIGINT");
    rmSync(folder, { recursive: true });
  });
  await sim.ready;
  const out = join(folder, "goal.png");
  const { code, stderr } = await telos(["goal", "capture", "--camera", "camera", "--out", out, "--within", "30"]);
  assert.equal(code, 0, stderr);
  const seen = readPng(out);
  const drawn = await sceneImage({ scene: "push_to_image", seed: 1, camera: "camera" });
  assert.deepEqual([seen.width, seen.height], [drawn.width, drawn.height]);
  let sum = 0;
  for (let i = 0; i < seen.data.length; i++) sum += Math.abs(seen.data[i] - drawn.data[i]);
  // the arm has settled by a hair meanwhile
  assert.ok(sum / seen.data.length < 1, `${sum / seen.data.length} levels off`);
  const silent = await telos(["goal", "capture", "--camera", "nobody", "--out", out, "--within", "1"]);
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /nothing on nobody\/image_raw for 1 s/);
});
