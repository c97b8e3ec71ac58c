import { z } from "zod";
import { didYouMean, printable } from "../../config/index.js";
import { BindError, CapabilityError } from "../BindError.js";
import type { GoalGroup } from "../Plugin.js";
import { relate } from "./relate.js";
import { relationKeys } from "./Relation.js";
import { RELATIONS, type RelationKind } from "./RelationSpec.js";

const id = z.string().min(1);
const others = Object.fromEntries(
  RELATIONS.map((kind) => [kind, id.optional().describe("id of what they are relative to")]),
) as Record<RelationKind, z.ZodOptional<typeof id>>;

const schema = z
  .strictObject({
    kind: id.describe("kind of things, as the scene names their shapes: cup, box, …; any: all that can be moved"),
    ...others,
    ...relationKeys,
  })
  .refine(
    (config) => RELATIONS.filter((kind) => config[kind] !== undefined).length === 1,
    `exactly one of: ${RELATIONS.join(", ")}`,
  );

export type AllConfig = z.output<typeof schema>;

/** `all: { kind: cup, in: bin }`: a relation for each movable thing of a kind that is known when the task is bound. */
export const all: GoalGroup<AllConfig> = {
  schema,
  needsHand: () => true,
  expand(config, context) {
    if (!context.hand) throw new CapabilityError("no level of this agent plans what a hand does");
    const asked = RELATIONS.find((kind) => config[kind] !== undefined)!;
    const other = config[asked]!;
    const things = (context.things ?? []).filter(({ id }) => id !== other);
    const chosen = things.filter(({ kind }) => config.kind === "any" || kind === config.kind);
    if (chosen.length === 0) {
      const kinds = [...new Set(things.map(({ kind }) => kind))];
      throw new BindError(
        "UNKNOWN_OBJECT",
        `got '${printable(config.kind, 40)}'${didYouMean(config.kind, kinds)}, want a kind of the things that can be ` +
          `moved: ${kinds.length > 0 ? `${kinds.join(", ")}, or any` : "(none is known yet)"}`,
        ["kind"],
      );
    }
    return chosen.map((thing) => ({
      kind: "relation",
      spec: relate({ ...config, kind: asked, object: thing.id, other }, context, [["kind"], [asked]]),
    }));
  },
};
