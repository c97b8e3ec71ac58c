import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAgentConfig } from "../agent/setup/AgentConfig.js";
import { learnedLevel } from "../agent/setup/loadModels.js";
import { loadManifest, ModelError, resolveModel } from "../worldmodel/learned/onnx/index.js";
import { LEARNED_AGENT, type Policy } from "./Policy.js";

/**
 * The policy of a learned model: the one given by name or folder, or the learned agent's own.
 * @throws ModelError if there is none, or it reads no objects; ConfigError for an invalid manifest
 */
export function modelPolicy(nameOrFolder = learnedLevel(loadAgentConfig(LEARNED_AGENT))!.learned.model): Policy {
  const folder = resolveModel(nameOrFolder);
  const file = join(folder, "manifest.json");
  if (loadManifest(folder).objects.length === 0)
    throw new ModelError(file, "objects: got none, want at least one for a goal");
  return { name: "model", folder, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
}
