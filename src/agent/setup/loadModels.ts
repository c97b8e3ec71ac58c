import type { AgentConfig } from "../../config/index.js";
import {
  loadModel,
  loadTrackingModel,
  resolveModel,
  type LearnedModel,
  type TrackingModel,
} from "../../worldmodel/learned/onnx/index.js";

/** What a level has learned, if it has. */
export interface LevelModels {
  readonly world?: LearnedModel; // of the top level: the rest of the world
  readonly tracking?: TrackingModel; // of the lowest: how the arm follows
}

/** The models of one level; each thread that runs them loads its own. @throws ConfigError, ModelError */
export async function loadModels(setup: { readonly agent: AgentConfig }, index: number): Promise<LevelModels> {
  const { tracking } = setup.agent.levels[index];
  return {
    world: index === 0 ? await loadLearned(setup) : undefined,
    tracking: tracking === undefined ? undefined : await loadTrackingModel(resolveModel(tracking)),
  };
}

/** Those of all levels, top to bottom. @throws ConfigError, ModelError */
export const loadAllModels = (setup: { readonly agent: AgentConfig }): Promise<LevelModels[]> =>
  Promise.all(setup.agent.levels.map((_, index) => loadModels(setup, index)));

/** The model that an agent's top level has learned, if it has one. @throws ConfigError, ModelError */
export async function loadLearned({ agent }: { readonly agent: AgentConfig }): Promise<LearnedModel | undefined> {
  const folder = learnedFolder(agent);
  return folder === undefined ? undefined : loadModel(folder);
}

/** Its folder. @throws ModelError where there is none of that name */
export function learnedFolder({ levels }: AgentConfig): string | undefined {
  const name = levels[0].learned?.model;
  return name === undefined ? undefined : resolveModel(name);
}
