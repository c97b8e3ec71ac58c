import { loadAgentConfig } from "../agent/setup/AgentConfig.js";
import { learnedLevel } from "../agent/setup/loadModels.js";
import { loadModel } from "../worldmodel/learned/onnx/index.js";
import { explore } from "./explore.js";
import type { MakeExplorer } from "./Explorer.js";
import { ModelExplorer } from "./ModelExplorer.js";
import { LEARNED_AGENT, type Policy } from "./Policy.js";

/** The factory of a policy's explorers in the simulator. @throws ConfigError, ModelError */
export async function explorerOf(policy: Policy): Promise<MakeExplorer> {
  if (policy.name !== "model") return explore;
  const model = await loadModel(policy.folder);
  const level = learnedLevel(loadAgentConfig(LEARNED_AGENT))!;
  return (config, things, rng, setup) => new ModelExplorer(config, things, rng, setup, model, level);
}
