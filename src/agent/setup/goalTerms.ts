import type { LevelConfig } from "../../config/index.js";
import {
  createGoal,
  LatentDistance,
  ObjectDistance,
  ResidualCost,
  ToolPose,
  type CreateContext,
  type GoalImageSpec,
  type GoalSpec,
} from "../../cost/index.js";
import type { ObjectAtConfig } from "../../cost/goals/ObjectAt.js";
import type { ModelManifest } from "../../worldmodel/learned/onnx/index.js";
import type { WeightedCost } from "../../planner/Objective.js";

export type EnergyConfig = NonNullable<LevelConfig["learned"]>["energy"];

const ANGLE = 0.1; // rad; no picture asks for one

/**
 * Goals as energies of a level with a learned model: places of objects, be they written or seen in a picture, go into
 * one `objects` term, a picture adds the distance of its latent (by spread, or in learned steps to go) and of the tool
 * seen in it, each with its weight. Any other goal is the cost that it is at every level. An object is done within
 * `energy.done` of its place, or within half the goal's tolerance where that is less.
 */
export function goalTerms(
  goals: readonly GoalSpec[],
  energy: EnergyConfig,
  { objects, latent }: Pick<ModelManifest, "objects" | "latent">,
  context: CreateContext,
): WeightedCost[] {
  const { running, terminal } = energy;
  const terms: WeightedCost[] = [];
  const places = new Float64Array(3 * objects.length).fill(NaN); // [no,3] m
  const done = new Float64Array(objects.length); // m
  const place = (id: string, position: readonly number[], tolerance: number): void => {
    const i = objects.indexOf(id);
    places.set(position, 3 * i);
    done[i] = Math.min(energy.done, tolerance / 2);
  };
  for (const { kind, spec } of goals) {
    if (kind === "object_at") {
      const { object, position, tolerance } = spec as ObjectAtConfig;
      place(object, position, tolerance);
    } else if (kind === "goal_image") {
      const { seen, match, tolerance } = spec as GoalImageSpec;
      if (seen === undefined) throw new Error("goal_image: got a picture that nobody has looked at");
      if (match !== "tool") for (const { id, position } of seen.objects) place(id, position, tolerance);
      if (match !== "objects" && energy.tool > 0)
        terms.push({
          cost: new ResidualCost(
            new ToolPose({ position: [...seen.tool], tolerance: energy.scale, angle_tolerance: ANGLE }),
            { name: "tool", running, terminal },
          ),
          weight: energy.tool,
        });
      if (energy.latent > 0)
        terms.push({
          cost: new LatentDistance(seen.z, LatentDistance.bySpread(latent.std), energy),
          weight: energy.latent,
        });
      if (energy.steps > 0)
        terms.push({ cost: new LatentDistance(seen.z, latent.steps!, energy, "steps"), weight: energy.steps });
    } else
      terms.push({ cost: new ResidualCost(createGoal({ kind, spec }, context), { running, terminal }), weight: 1 });
  }
  if (energy.objects > 0 && places.some((x) => x === x))
    terms.push({ cost: new ObjectDistance(places, done, energy), weight: energy.objects });
  return terms;
}
