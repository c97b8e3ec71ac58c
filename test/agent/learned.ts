import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/config/index.js";
import { modelFolder, type ModelName } from "../worldmodel/learned/onnx/models.js";

/**
 * The shipped agent `learned`, with a model of the tests in the place of its own, whose objects are anywhere: the
 * file's path.
 */
export function learnedAgent(model: ModelName, ...changes: readonly (readonly [string, string])[]): string {
  let text = readFileSync(join(packageRoot(), "config", "agents", "learned.yaml"), "utf8");
  for (const [from, to] of [
    ["model: pucks", `model: ${modelFolder(model)}`],
    ["horizon: 6", "horizon: 5"],
    ["reach: 12 cm", "reach: 10 m"],
    ...changes,
  ]) {
    if (!text.includes(from)) throw new Error(`the agent says nothing like '${from}'`);
    text = text.replace(from, to);
  }
  const file = join(mkdtempSync(join(tmpdir(), "telos-agent-")), "learned.yaml");
  writeFileSync(file, text);
  return file;
}
