import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/config/index.js";
import { sceneImage } from "../../src/cli/sceneImage.js";
import { encodePng } from "../../src/sim/render/encodePng.js";
import { lawsOf } from "./law.js";

/**
 * The shipped world model with its camera knocked: moved by 3 cm and turned by some 3° against where it stood in
 * training, and nobody says so. Such pushes succeed 80 % of the time, 15 % if the camera is not looked for
 * (docs/experiments/moved_camera.md), and a puck that was pushed out of reach stays there: so of three worlds from
 * their start one must be done, and all that is told as done must be.
 */
const WORLDS = 3;
const folder = mkdtempSync(join(tmpdir(), "telos-moved-"));
const scene = join(folder, "moved.yaml");
const stood = "position: [0.47 m, 1.1 m, 0.8 m], look_at: [0.47 m, 0 m, 0.02 m]";
const before = readFileSync(join(packageRoot(), "config", "scenes", "push_to_image.yaml"), "utf8");
assert.ok(before.includes(stood));
writeFileSync(scene, before.replace(stood, "position: [0.5 m, 1.07 m, 0.82 m], look_at: [0.44 m, 0.06 m, 0.02 m]"));
const WANTED = { red: [0.53, -0.18], blue: [0.52, 0.02], green: [0.45, 0.22] } as const; // m
const TOLERANCE = 0.03; // m
const agent = join(folder, "agent.yaml"); // which lets clients name task files beside it
writeFileSync(
  agent,
  `${readFileSync(join(packageRoot(), "config", "agents", "learned.yaml"), "utf8")}\ntask_folders: [.]\n`,
);
const { law } = lawsOf({ domain: 23, sim: ["--scene", scene], agent: ["--agent", agent, "--scene", scene] });

law(
  "a puck is pushed to where a picture shows it, though the camera has been moved since the model was trained",
  async (checker) => {
    const { width, height, data } = await sceneImage({
      scene,
      seed: 1,
      camera: "camera",
      places: new Map([["red", WANTED.red]]),
    });
    writeFileSync(join(folder, "goal.png"), encodePng(width, height, data));
    writeFileSync(
      join(folder, "task.yaml"),
      "name: moved\ngoal:\n  - goal_image: { path: goal.png, camera: camera, match: objects, tolerance: 2 cm }\n" +
        "hold: 0.5 s\ntimeout: 40 s\n",
    );
    for (let world = 1; ; world++) {
      assert.equal((await checker.resetScene(scene)).success, true);
      const end = await checker.accomplish(join(folder, "task.yaml"));
      if (!end.success && world < WORLDS) continue;
      assert.equal(end.success, true, end.message);
      break;
    }
    await checker.sleep(0.5);
    const { objects } = await checker.verdict();
    for (const [id, place] of Object.entries(WANTED)) {
      const off = Math.hypot(objects[id][0] - place[0], objects[id][1] - place[1]);
      assert.ok(off < TOLERANCE, `${id} ends ${(100 * off).toFixed(1)} cm from its place`);
    }
  },
);
