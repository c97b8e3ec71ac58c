import { z } from "zod";
import { length, ratio } from "../config/index.js";
import type { CostTerm } from "./CostTerm.js";
import { ObjectDistance } from "./goals/ObjectDistance.js";

/** What a level with a learned model minimises: the weights of its terms. */
export const energySchema = z.strictObject({
  objects: ratio(0, 1e6).default(1).describe("weight of the objects' distance from their places"),
  latent: ratio(0, 1e6).default(0).describe("of the distance from a goal image's latent"),
  steps: ratio(0, 1e6).default(0).describe("of the steps that the model has learned to lie between two latents"),
  tool: ratio(0, 1e6).default(0.2).describe("of the tool's distance from where a goal image shows it"),
  running: ratio(0, 1e6).default(1).describe("of the path, 1/s"),
  terminal: ratio(0, 1e6).default(1).describe("of its end"),
  scale: length({ above: 0, max: 10 }).default(0.05).describe("that distances are counted in"),
  nearness: ratio(0, 1e6).default(0.5).describe("of the tool's distance from where a push of an object would begin"),
  standoff: length({ min: 0, max: 1 }).default(0.06).describe("of that place from the object's centre"),
  done: length({ above: 0, max: 1 })
    .default(0.02)
    .describe("nearer than this to its place, or than half a tighter goal's tolerance, an object asks for nothing"),
  height: length({ min: -1, max: 2 }).optional().describe("where the tool pushes; default: at the objects' centres"),
});

export type EnergyConfig = z.output<typeof energySchema>;

/** What is known of the learned model: see `ModelManifest`. */
export interface LearnedSpace {
  readonly objects: readonly string[]; // ids, in the order of the predicted positions
  readonly latent: { readonly std: readonly number[]; readonly steps?: readonly (readonly number[])[] };
}

/**
 * The energy of a level with a learned model, as its goals add to it. Places of objects, be they written or seen in a
 * picture, go into one `objects` term. An object is done within `energy.done` of its place, or within half the goal's
 * tolerance where that is less.
 */
export class LearnedTerms {
  private readonly added: { readonly cost: CostTerm; readonly weight: number }[] = [];
  private readonly places: Float64Array; // [3·objects] m; NaN: nobody asks
  private readonly done: Float64Array; // [objects] m

  constructor(
    readonly energy: EnergyConfig,
    readonly space: LearnedSpace,
  ) {
    this.places = new Float64Array(3 * space.objects.length).fill(NaN);
    this.done = new Float64Array(space.objects.length);
  }

  /** An object shall be at a position (m, base frame), within a tolerance (m). */
  place(id: string, position: readonly number[], tolerance: number): void {
    const i = this.space.objects.indexOf(id);
    this.places.set(position, 3 * i);
    this.done[i] = Math.min(this.energy.done, tolerance / 2);
  }

  add(cost: CostTerm, weight: number): void {
    if (weight > 0) this.added.push({ cost, weight });
  }

  /** All that was asked for. */
  get weighted(): readonly { readonly cost: CostTerm; readonly weight: number }[] {
    const { places, done, energy } = this;
    const placed = energy.objects > 0 && places.some((x) => !Number.isNaN(x));
    return placed
      ? [...this.added, { cost: new ObjectDistance(places, done, energy), weight: energy.objects }]
      : this.added;
  }
}
