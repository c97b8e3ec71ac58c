import type { Image } from "../core/Observation.js";
import type { Percept } from "../core/Percept.js";
import { seeGoals, type TaskSpec } from "../cost/index.js";
import type { LearnedModel } from "../worldmodel/learned/onnx/index.js";
import type { Arm } from "../kinematics/Arm.js";
import { Posture } from "../kinematics/Posture.js";
import { LatentMemory } from "../perception/LatentMemory.js";

/**
 * What an agent with a learned model needs to plan once: the task with its pictures encoded, and the camera's image,
 * encoded with the arm at q [nq] rad.
 * @throws ModelError
 */
export async function seeOnce(
  model: LearnedModel,
  arm: Arm,
  task: TaskSpec,
  image: Image,
  q: Float64Array,
): Promise<{ readonly task: TaskSpec; readonly percept: Percept }> {
  const perception = new LatentMemory(model, arm);
  const percept = await perception.see(image, new Posture(arm).of(q));
  return { task: await seeGoals(task, (picture) => perception.picture({ stamp: 0, ...picture })), percept };
}
