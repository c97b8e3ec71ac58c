import type { Image } from "../core/Observation.js";
import type { Sight } from "../core/Sight.js";
import { seeGoals, type TaskSpec } from "../cost/index.js";
import { ImageEncoder } from "../perception/ImageEncoder.js";
import type { AgentSetup } from "./AgentSetup.js";
import { loadLearned } from "./loadModels.js";

/** What an agent with a learned model needs to plan once: the task with its pictures understood, and what the camera's image shows. @throws ModelError, ConfigError */
export async function seeOnce(setup: AgentSetup, task: TaskSpec, image: Image): Promise<{ readonly task: TaskSpec; readonly sight: Sight }> {
  const model = await loadLearned(setup);
  if (model === undefined) throw new Error(`got the agent ${setup.agent.name}, want one with a learned model`);
  const encoder = new ImageEncoder(model);
  return { task: await seeGoals(task, (picture) => encoder.see({ stamp: 0, ...picture })), sight: await encoder.see(image) };
}
