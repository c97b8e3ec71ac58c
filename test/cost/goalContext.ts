import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { encode } from "fast-png";
import type { Percept } from "../../src/core/Percept.js";
import { bindTask, loadTask, type BindContext, type TaskSpec } from "../../src/cost/index.js";
import { limitsOf } from "./oracleArm.js";

// An agent of seven joints that predicts two objects and sees pictures of 8 × 6 pixels; goals are written as YAML.

export const nq = 7;
export const context = { nq, limits: limitsOf(nq) };
export const agent: BindContext = {
  jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
  objects: ["red", "blue"],
  predicted: ["red", "blue"],
  images: { camera: "camera", width: 8, height: 6 },
};
export const folder = mkdtempSync(join(tmpdir(), "telos-goal-"));
after(() => rmSync(folder, { recursive: true }));
/** Writes a picture, or the bytes of one, and returns its path. */
export const write = (name: string, image: Parameters<typeof encode>[0] | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, image instanceof Uint8Array ? image : encode({ channels: 3, ...image }));
  return file;
};
/** A task with this goal (YAML), bound to an agent. */
export const bind = (goal: string, a: BindContext = agent): TaskSpec => {
  const file = join(folder, "task.yaml");
  writeFileSync(file, `goal: [${goal}]\n`);
  return bindTask(loadTask(file), a);
};
export const pixels = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (37 * i) % 256);
write("goal.png", { width: 8, height: 6, data: pixels });

/** What the agent sees in a picture, m. */
export const percept: Percept = {
  stamp: 0,
  z: Float32Array.of(1, 2),
  objects: [
    { id: "red", position: [0.4, 0.1, 0.02], std: 0.01 },
    { id: "blue", position: [0.5, -0.1, 0.02], std: 0.01 },
  ],
  tool: [0.3, 0, 0.2],
};
