import { z } from "zod";
import { length, ratio } from "../config/index.js";
import type { CostTerm } from "./CostTerm.js";
import { ObjectDistance } from "./goals/ObjectDistance.js";

/** The weights of the energy terms of a level with a learned model. */
export const energySchema = z.strictObject({
  objects: ratio(0, 1e6).default(1).describe("weight of the objects' distance from their goal positions"),
  latent: ratio(0, 1e6).default(0).describe("weight of the distance from a goal image's latent"),
  steps: ratio(0, 1e6).default(0).describe("weight of the learned number of steps between two latents"),
  tool: ratio(0, 1e6).default(0.2).describe("weight of the tool's distance from its position in a goal image"),
  running: ratio(0, 1e6).default(1).describe("weight of the path, 1/s"),
  terminal: ratio(0, 1e6).default(1).describe("weight of the end of the path"),
  scale: length({ above: 0, max: 10 }).default(0.05).describe("unit of the distances"),
  nearness: ratio(0, 1e6).default(0.5).describe("weight of the tool's distance from the start of a push"),
  standoff: length({ min: 0, max: 1 }).default(0.06).describe("distance of a push's start from the object's centre"),
  done: length({ above: 0, max: 1 })
    .default(0.02)
    .describe("an object nearer to its goal than this, or than half the goal's tolerance, has no energy"),
  height: length({ min: -1, max: 2 })
    .optional()
    .describe("height at which the tool pushes; default: the objects' centres"),
});

export type EnergyConfig = z.output<typeof energySchema>;

/** Properties of the learned model: see `ModelManifest`. */
export interface LearnedSpace {
  readonly objects: readonly string[]; // ids, in the order of the predicted positions
  readonly latent: { readonly std: readonly number[]; readonly steps?: readonly (readonly number[])[] };
}

/**
 * The energy of a level with a learned model, collected from the goals. Goal positions of objects, from the task or
 * from a picture, go into one `objects` term. An object is done within `energy.done` of its goal, or within half the
 * goal's tolerance if that is less.
 */
export class LearnedTerms {
  private readonly added: { readonly cost: CostTerm; readonly weight: number }[] = [];
  private readonly places: Float64Array; // [3·objects] m; NaN: no goal
  private readonly done: Float64Array; // [objects] m

  constructor(
    readonly energy: EnergyConfig,
    readonly space: LearnedSpace,
  ) {
    this.places = new Float64Array(3 * space.objects.length).fill(NaN);
    this.done = new Float64Array(space.objects.length);
  }

  /** Adds a goal position of an object (m, base frame), with a tolerance (m). */
  place(id: string, position: readonly number[], tolerance: number): void {
    const i = this.space.objects.indexOf(id);
    this.places.set(position, 3 * i);
    this.done[i] = Math.min(this.energy.done, tolerance / 2);
  }

  add(cost: CostTerm, weight: number): void {
    if (weight > 0) this.added.push({ cost, weight });
  }

  /** All collected terms. */
  get weighted(): readonly { readonly cost: CostTerm; readonly weight: number }[] {
    const { places, done, energy } = this;
    const placed = energy.objects > 0 && places.some((x) => !Number.isNaN(x));
    return placed
      ? [...this.added, { cost: new ObjectDistance(places, done, energy), weight: energy.objects }]
      : this.added;
  }
}
