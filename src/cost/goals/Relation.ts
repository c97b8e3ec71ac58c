import { z } from "zod";
import { byForm, length } from "../../config/index.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import { positionOf } from "../positionOf.js";
import type { Residual } from "../Residual.js";
import { relate } from "./relate.js";
import { RELATIONS, type RelationKind, type RelationSpec } from "./RelationSpec.js";
import { isShaped, ShapedRelation } from "./ShapedRelation.js";
import { SIDES } from "./sides.js";

const id = z.string().min(1);
const pair = z.tuple([id, id]);
/** `[cup, tray]`, or `tray` with `object: cup` next to it. */
const related = byForm<string | [string, string]>("[what, relative to what], ids of objects", (input) =>
  typeof input === "string" ? id : pair,
).optional();
const MEANINGS: Record<RelationKind, string> = {
  on: "the first lies on the other",
  in: "the first lies in the other, which is open at the top",
  beside: "the first stands beside the other, at the same height",
  left_of: "the first is left of the other",
  right_of: "the first is right of the other",
  in_front_of: "the first is in front of the other",
  behind: "the first is behind the other",
};
const relations = Object.fromEntries(RELATIONS.map((kind) => [kind, related.describe(MEANINGS[kind])])) as Record<
  RelationKind,
  typeof related
>;

/** Keys beside the relation itself. */
export const relationKeys = {
  tolerance: length({ above: 0 }).default(0.02).describe("tolerance"),
  gap: length({ above: 0, max: 1 }).default(0.1).describe("greatest gap between the two, of `beside`"),
};
const schema = z
  .strictObject({
    object: id.optional().describe("id of what is to be moved, if the relation names only the other"),
    ...relations,
    stacked: z.array(id).min(2).max(10).optional().describe("ids, from the lowest upward: each lies on the one before"),
    ...relationKeys,
  })
  .superRefine(({ object, tolerance: _, gap: __, stacked, ...asked }, context) => {
    const said = Object.values(asked).filter((x) => x !== undefined);
    if (said.length + Number(stacked !== undefined) !== 1)
      context.addIssue(`exactly one of: ${RELATIONS.join(", ")}, stacked`);
    else if ((object === undefined) === (typeof said[0] === "string"))
      context.addIssue("[what, relative to what], or `object` and one id");
  });

export type RelationConfig = z.output<typeof schema>;

/** Of an agent without a hand, which knows no shapes. */
type CentreRelationSpec = RelationSpec & { readonly kind: Exclude<RelationKind, "beside"> };

/** Sizes of the blocks: on a side one coordinate, `on` the plane and the height, `in` all three. */
const BLOCKS = { on: [2, 1], in: [3], left_of: [1], right_of: [1], in_front_of: [1], behind: [1] } as const;

/**
 * The position of one object's centre a relative to another's b. On a side, with a coordinate that grows toward it: r =
 * max(0, 1 − (a − b)/ε), which is ≤ 1 exactly if a is beyond b. `on`: a above b, r = (a_xy − b_xy)/ε and max(0, 1 −
 * (a_z − b_z)/ε). `in`: equal centres, r = (a − b)/ε. ∂r/∂q = 0.
 *
 * An agent with a hand measures by the shapes of both, where they are believed to be (`ShapedRelation`). With [lo, hi]
 * the extent of a along an axis, and z up:
 * - `on`, for the part of b that fits best: a's centre of mass c over its upper face, whose centre is f, axes u_i and
 *   half edges h_i: r_i = max(0, 1 + (|u_i·(c − f)| − h_i)/ε), which is ≤ 1 exactly if it is over it; and a's lowest
 *   point at the face's height: r = (lo_z − f_z)/ε.
 * - `in`: a's enclosing box within the room in b, along its axes x and y: r_i = max(0, hi − top_i, bottom_i − lo)/ε;
 *   its lowest point not below the floor and not above the rim: r = max(0, (floor − lo_z)/ε, 1 + (lo_z − rim)/ε).
 * - `beside`: the gap d between the boxes that enclose them, with edges along x and y, at most g: r = max(0, 1 + (d −
 *   g)/ε); and their lowest points at one height: r = (lo_a − lo_b)/ε.
 * - on a side as above, of the centres of their enclosing boxes.
 * - in each case the hand must have let go of a: 0, or 2 while it holds it.
 */
export class Relation implements Residual {
  readonly name = "relation";
  readonly dim: number;
  readonly blocks: readonly number[];

  constructor(
    private readonly spec: CentreRelationSpec,
    private readonly nq: number,
  ) {
    this.blocks = BLOCKS[spec.kind];
    this.dim = this.blocks.reduce((sum, size) => sum + size, 0);
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { kind, object, other, tolerance } = this.spec;
    const gap = (c: number): number => (positionOf(x, object, c) - positionOf(x, other, c)) / tolerance;
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

/** The relation that was asked for: what kind, and of which things. `stacked` has a list of them. */
function asked({ object, tolerance: _, gap: __, ...kinds }: RelationConfig): [RelationKind | "stacked", string[]] {
  const [kind, ids] = Object.entries(kinds).find(([, value]) => value !== undefined)!;
  return [kind as RelationKind, typeof ids === "string" ? [object!, ids] : [...ids]];
}

/** `relation: { left_of: [red, blue] }`, `relation: { object: cup, on: tray }`, `relation: { stacked: [a, b, c] }` */
export const relation: GoalPlugin<RelationConfig, RelationSpec> = {
  schema,
  movesThings: true,
  needsModel: true,
  needsHand: (config) => ["on", "in", "beside", "stacked"].includes(asked(config)[0]),
  bind(config, context) {
    const [kind, [object, other]] = asked(config);
    const spelled = config.object === undefined;
    const paths = spelled
      ? ([
          [kind, 0],
          [kind, 1],
        ] as const)
      : ([["object"], [kind]] as const);
    return relate({ ...config, kind: kind as RelationKind, object, other }, context, paths);
  },
  expand(config, context) {
    const [kind, ids] = asked(config);
    if (kind !== "stacked") return undefined;
    return ids.slice(1).map((object, i) => ({
      kind: "relation",
      spec: relate({ ...config, kind: "on", object, other: ids[i] }, context, [
        [kind, i + 1],
        [kind, i],
      ]),
    }));
  },
  create: (spec, { nq }) =>
    isShaped(spec) ? new ShapedRelation(spec, nq) : new Relation(spec as CentreRelationSpec, nq),
};
