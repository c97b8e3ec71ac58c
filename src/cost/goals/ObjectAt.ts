import { z } from "zod";
import { angle, byForm, length, orientation, vec3 } from "../../config/index.js";
import type { Quat } from "../../core/geometry/Shape.js";
import { rotationError } from "../../core/geometry/rotationError.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { CapabilityError } from "../BindError.js";
import type { KnotView } from "../KnotView.js";
import { letGo } from "../letGo.js";
import type { GoalPlugin } from "../Plugin.js";
import { poseOf } from "../poseOf.js";
import { positionOf } from "../positionOf.js";
import { requireMovable } from "../requireMovable.js";
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
  orientation: orientation
    .optional()
    .describe("goal orientation, for an agent with a hand; the turn of a round thing about its own axis is free"),
  tolerance: length({ above: 0 }).default(0.02).describe("tolerance of the position"),
  turn_tolerance: angle({ above: 0, max: Math.PI })
    .default((10 * Math.PI) / 180)
    .describe("tolerance of the orientation"),
});

export type ObjectAtConfig = z.output<typeof schema>;

/** A place for an object, bound. Plain data, which the planner of tasks reads too. */
export interface ObjectAtSpec {
  readonly object: string; // id
  readonly position: readonly number[]; // [2] or [3] m, of its origin
  readonly tolerance: number; // m
  readonly orientation?: Quat;
  readonly turnTolerance?: number; // rad, with an orientation
  readonly round?: boolean; // with an orientation: its turn about its own z axis is free
  readonly letGo?: boolean; // of an agent with a hand: the hand must not hold it any more
}

/**
 * An object's centre, predicted or else believed, at a position, in x and y, or in x, y and z: r = (p − p*)/ε, one
 * block. Of an agent with a hand also a block each for
 * - its orientation R, if asked for: r = log(R R*ᵀ)/θ [3], of a round thing the angle between its z axis and the wanted
 *   one, /θ [1]
 * - let go: 0, or 2 while the hand holds it.
 *
 * ∂r/∂q = 0: only a world model predicts how the arm moves an object, and only a planner of tasks knows how a hand
 * does, so only an agent with one of them accepts this goal.
 */
export class ObjectAt implements Residual {
  readonly name = "object_at";
  readonly dim: number;
  readonly blocks: readonly number[];
  private readonly wanted = new Float64Array(12); // pose whose orientation is wanted

  constructor(
    private readonly spec: ObjectAtSpec,
    private readonly nq: number,
  ) {
    const { position, orientation, round, letGo } = spec;
    this.blocks = [position.length, ...(orientation ? [round ? 1 : 3] : []), ...(letGo ? [1] : [])];
    this.dim = this.blocks.reduce((sum, size) => sum + size, 0);
    if (orientation) transformFromQuat(this.wanted, 0, orientation, [0, 0, 0]);
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { spec, wanted, dim } = this;
    const { object, position, tolerance } = spec;
    for (let i = 0; i < position.length; i++) r[i] = (positionOf(x, object, i) - position[i]) / tolerance;
    if (spec.orientation) {
      const allowed = spec.turnTolerance!;
      poseOf(pose, x, object);
      if (spec.round) {
        const cos = pose[2] * wanted[2] + pose[6] * wanted[6] + pose[10] * wanted[10];
        const sin = Math.hypot(
          pose[6] * wanted[10] - pose[10] * wanted[6],
          pose[10] * wanted[2] - pose[2] * wanted[10],
          pose[2] * wanted[6] - pose[6] * wanted[2],
        );
        r[position.length] = Math.atan2(sin, cos) / allowed;
      } else {
        rotationError(r, position.length, wanted, 0, pose, 0);
        for (let i = 0; i < 3; i++) r[position.length + i] /= allowed;
      }
    }
    if (spec.letGo) r[dim - 1] = letGo(x, object);
    J?.fill(0, 0, dim * this.nq);
  }
}

const pose = new Float64Array(12);

/** `object_at: { object: puck, position: [0.45 m, 0.10 m], orientation: { rpy: [0, 0, 90 deg] }, tolerance: 2 cm }` */
export const objectAt: GoalPlugin<ObjectAtConfig, ObjectAtSpec> = {
  schema,
  movesThings: true,
  needsModel: true,
  needsHand: ({ position, orientation }) => orientation !== undefined || position.length === 3,
  bind({ object, position, orientation, tolerance, turn_tolerance }, context) {
    const spec = { object, position, tolerance };
    if (context.hand) {
      requireMovable(object, context, ["object"]);
      if (!orientation) return { ...spec, letGo: true };
      const round = context.things?.find(({ id }) => id === object)?.round === true;
      return { ...spec, orientation, turnTolerance: turn_tolerance, round, letGo: true };
    }
    requirePredicted(object, context, ["object"]);
    if (orientation)
      throw new CapabilityError("no level of this agent plans what a hand does, and no push leads to an orientation", [
        "orientation",
      ]);
    return spec;
  },
  learned: ({ object, position, tolerance }, terms) => terms.place(object, position, tolerance),
  create: (spec, { nq }) => new ObjectAt(spec, nq),
};
