import { z } from "zod";
import { byForm, length, vec3 } from "../../config/index.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import { positionOf } from "../positionOf.js";
import { requirePredicted } from "../requirePredicted.js";
import type { Residual } from "../Residual.js";

const planar = z.tuple([length(), length()]) as unknown as z.ZodType<[number, number]>;
const position = byForm<number[]>("a position [x, y] or [x, y, z] (m)", (input) => {
  if (!Array.isArray(input)) return undefined;
  return input.length === 2 ? planar : vec3(length());
});
const schema = z.strictObject({
  object: z.string().min(1).describe("its id"),
  position: position.describe("goal position of its centre"),
  tolerance: length({ above: 0 }).default(0.02).describe("tolerance of the position"),
});

export type ObjectAtConfig = z.output<typeof schema>;

/**
 * An object's centre, predicted or else believed, at a position, in x and y, or in x, y and z: r = (p − p*)/ε, one
 * block. ∂r/∂q = 0: only a world model predicts how the arm moves an object, so only an agent with such a model accepts
 * this goal.
 */
export class ObjectAt implements Residual {
  readonly name = "object_at";
  readonly dim: number;
  readonly blocks: readonly number[];

  constructor(
    private readonly spec: ObjectAtConfig,
    private readonly nq: number,
  ) {
    this.dim = spec.position.length;
    this.blocks = [this.dim];
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { object, position, tolerance } = this.spec;
    for (let i = 0; i < this.dim; i++) r[i] = (positionOf(x, object, i) - position[i]) / tolerance;
    J?.fill(0, 0, this.dim * this.nq);
  }
}

/** `object_at: { object: puck, position: [0.45 m, 0.10 m], tolerance: 2 cm }` */
export const objectAt: GoalPlugin<ObjectAtConfig, ObjectAtConfig> = {
  schema,
  movesThings: true,
  needsModel: true,
  bind(config, context) {
    requirePredicted(config.object, context, ["object"]);
    return config;
  },
  learned: ({ object, position, tolerance }, terms) => terms.place(object, position, tolerance),
  create: (spec, { nq }) => new ObjectAt(spec, nq),
};
