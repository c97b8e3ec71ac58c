import { z } from "zod";
import { length } from "../../config/index.js";
import { UnknownObjectError } from "../BindError.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import { positionOf } from "../positionOf.js";
import { requirePredicted } from "../requirePredicted.js";
import type { Residual } from "../Residual.js";

const id = z.string().min(1);
const pair = z.tuple([id, id]).describe("[what, relative to what], ids of objects");
const relations = {
  on: pair.optional(),
  in: pair.optional(),
  left_of: pair.optional(),
  right_of: pair.optional(),
  in_front_of: pair.optional(),
  behind: pair.optional(),
};
const schema = z
  .strictObject({ ...relations, tolerance: length({ above: 0 }).default(0.02).describe("tolerance") })
  .refine(
    ({ tolerance: _, ...asked }) => Object.keys(asked).length === 1,
    "exactly one of: on, in, left_of, right_of, in_front_of, behind",
  );

export type RelationConfig = z.output<typeof schema>;

export interface RelationSpec {
  readonly kind: keyof typeof relations;
  readonly pair: readonly [string, string];
  readonly tolerance: number; // m
}

/** Sizes of the blocks: on a side one coordinate, `on` the plane and the height, `in` all three. */
const BLOCKS = { on: [2, 1], in: [3], left_of: [1], right_of: [1], in_front_of: [1], behind: [1] } as const;

/** Which coordinate is compared, and its sign: x forward, y left, z up, as seen from the arm's base. */
const SIDES = { left_of: [1, 1], right_of: [1, -1], behind: [0, 1], in_front_of: [0, -1] } as const;

/**
 * The position of one object's centre a relative to another's b. On a side, with a coordinate that grows toward it: r =
 * max(0, 1 − (a − b)/ε), which is ≤ 1 exactly if a is beyond b. `on`: a above b, r = (a_xy − b_xy)/ε and max(0, 1 −
 * (a_z − b_z)/ε). `in`: equal centres, r = (a − b)/ε.
 */
export class Relation implements Residual {
  readonly name = "relation";
  readonly dim: number;
  readonly blocks: readonly number[];

  constructor(
    private readonly spec: RelationSpec,
    private readonly nq: number,
  ) {
    this.blocks = BLOCKS[spec.kind];
    this.dim = this.blocks.reduce((sum, size) => sum + size, 0);
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { kind, pair, tolerance } = this.spec;
    const gap = (c: number): number => (positionOf(x, pair[0], c) - positionOf(x, pair[1], c)) / tolerance;
    if (kind === "on" || kind === "in") {
      for (let c = 0; c < 3; c++) r[c] = gap(c);
      if (kind === "on") r[2] = Math.max(0, 1 - r[2]);
    } else {
      const [axis, sign] = SIDES[kind];
      r[0] = Math.max(0, 1 - sign * gap(axis));
    }
    J?.fill(0, 0, this.dim * this.nq);
  }
}

/** `relation: { left_of: [red, blue] }` */
export const relation: GoalPlugin<RelationConfig, RelationSpec> = {
  schema,
  movesThings: true,
  needsModel: true,
  bind({ tolerance, ...asked }, context) {
    const [kind, names] = Object.entries(asked)[0] as [RelationSpec["kind"], [string, string]];
    names.forEach((id, i) => {
      if (!context.objects.includes(id)) throw new UnknownObjectError(id, context.objects, [kind, i]);
    });
    requirePredicted(names[0], context, [kind, 0]);
    return { kind, pair: names, tolerance };
  },
  create: (spec, { nq }) => new Relation(spec, nq),
};
