import type { Image } from "../core/Observation.js";
import type { Sight } from "../core/Sight.js";
import { seeGoals, type TaskSpec } from "../cost/index.js";
import type { LearnedModel } from "../onnx/index.js";
import { ImageEncoder } from "../perception/ImageEncoder.js";

/** What an agent with a learned model needs to plan once: the task with its pictures understood, and what the camera's image shows. @throws ModelError */
export async function seeOnce(model: LearnedModel, task: TaskSpec, image: Image): Promise<{ readonly task: TaskSpec; readonly sight: Sight }> {
  const encoder = new ImageEncoder(model);
  return { task: await seeGoals(task, (picture) => encoder.see({ stamp: 0, ...picture })), sight: await encoder.see(image) };
}
