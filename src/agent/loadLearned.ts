import type { AgentConfig } from "../config/index.js";
import { loadModel, resolveModel, type LearnedModel } from "../onnx/index.js";

/** The model that an agent's top level has learned, if it has one; each thread that runs it loads its own. @throws ConfigError, ModelError */
export async function loadLearned({ agent }: { readonly agent: AgentConfig }): Promise<LearnedModel | undefined> {
  const folder = learnedFolder(agent);
  return folder === undefined ? undefined : loadModel(folder);
}

/** Its folder. @throws ModelError where there is none of that name */
export function learnedFolder({ levels }: AgentConfig): string | undefined {
  const name = levels[0].learned?.model;
  return name === undefined ? undefined : resolveModel(name);
}
