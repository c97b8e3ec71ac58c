import type { AgentConfig, LevelConfig } from "./AgentConfig.js";
import {
  loadModel,
  loadTrackingModel,
  resolveModel,
  type LearnedModel,
  type TrackingModel,
} from "../../worldmodel/learned/onnx/index.js";

type LearnedLevel = LevelConfig & { readonly learned: NonNullable<LevelConfig["learned"]> };

/** Learned models of a level, if it has any. */
export interface LevelModels {
  readonly world?: LearnedModel; // motion of the rest of the world
  readonly tracking?: TrackingModel; // of the lowest level: how the arm follows its commands
}

/** The models of one level; each thread that runs them loads its own. @throws ConfigError, ModelError */
export async function loadModels(setup: { readonly agent: AgentConfig }, index: number): Promise<LevelModels> {
  const { learned, tracking } = setup.agent.levels[index];
  return {
    world: learned === undefined ? undefined : await loadModel(resolveModel(learned.model)),
    tracking: tracking === undefined ? undefined : await loadTrackingModel(resolveModel(tracking)),
  };
}

/** Those of all levels, top to bottom. @throws ConfigError, ModelError */
export const loadAllModels = (setup: { readonly agent: AgentConfig }): Promise<LevelModels[]> =>
  Promise.all(setup.agent.levels.map((_, index) => loadModels(setup, index)));

/** The world model among those of an agent's levels: all that have one share it. */
export const worldModelOf = (models: readonly LevelModels[]): LearnedModel | undefined =>
  models.find(({ world }) => world !== undefined)?.world;

/** The highest level of an agent that has a world model, if one has. */
export const learnedLevel = ({ levels }: Pick<AgentConfig, "levels">): LearnedLevel | undefined =>
  levels.find((level): level is LearnedLevel => level.learned !== undefined);

/** The folder of an agent's world model, if one of its levels has one. @throws ModelError if it holds none */
export function learnedFolder({ levels }: Pick<AgentConfig, "levels">): string | undefined {
  const level = learnedLevel({ levels });
  return level === undefined ? undefined : resolveModel(level.learned.model);
}

/** The world model of an agent, if one of its levels has one. @throws ConfigError, ModelError */
export async function loadLearned({ agent }: { readonly agent: AgentConfig }): Promise<LearnedModel | undefined> {
  const folder = learnedFolder(agent);
  return folder === undefined ? undefined : loadModel(folder);
}
