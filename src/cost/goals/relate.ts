import type { Thing } from "../../core/Thing.js";
import { BindError, CapabilityError, UnknownObjectError } from "../BindError.js";
import type { BindContext } from "../Plugin.js";
import { movableIds, requireMovable } from "../requireMovable.js";
import { requirePredicted } from "../requirePredicted.js";
import type { RelationKind, RelationSpec } from "./RelationSpec.js";

type Path = readonly PropertyKey[];

/** A relation as it was asked for. */
export interface AskedRelation {
  readonly kind: RelationKind;
  readonly object: string; // id
  readonly other: string; // id
  readonly tolerance: number; // m
  readonly gap: number; // m, of `beside`
}

/**
 * A relation fitted to an agent.
 * @param paths where the object's and the other's id are written
 * @throws UnknownObjectError, CapabilityError, BindError
 */
export function relate(
  { kind, object, other, tolerance, gap }: AskedRelation,
  context: BindContext,
  [objectPath, otherPath]: readonly [Path, Path],
): RelationSpec {
  if (object === other) throw new BindError("UNKNOWN_OBJECT", `got '${object}' twice, want two things`, otherPath);
  const spec = { kind, object, other, tolerance, ...(kind === "beside" ? { gap } : {}) };
  if (!context.hand) {
    for (const [id, path] of [
      [object, objectPath],
      [other, otherPath],
    ] as const)
      if (!context.objects.includes(id)) throw new UnknownObjectError(id, context.objects, path);
    if (kind === "beside") requireMovable(object, context, objectPath);
    requirePredicted(object, context, objectPath);
    return spec;
  }
  requireMovable(object, context, objectPath);
  const { things = [], fixedThings = [] } = context;
  const known = [...movableIds(context), ...new Set(fixedThings.map(({ id }) => id))];
  if (!known.includes(other)) throw new UnknownObjectError(other, known, otherPath);
  const shapeOf = (id: string, among: readonly Thing[], path: Path): Thing => {
    const thing = among.find((t) => t.id === id);
    if (thing !== undefined) return thing;
    throw new CapabilityError(
      `got '${id}', whose shape is not known, want a thing of known shape: ${listed(among)}`,
      path,
    );
  };
  const shapes = {
    object: shapeOf(object, things, objectPath),
    other: shapeOf(other, [...fixedThings, ...things], otherPath),
    fixed: fixedThings.some(({ id }) => id === other),
  };
  if (kind === "in" && shapes.other.inside === undefined)
    throw new CapabilityError(
      `got '${other}', which has no room in it, want one of: ` +
        listed([...fixedThings, ...things].filter(({ inside }) => inside !== undefined)),
      otherPath,
    );
  return { ...spec, shapes };
}

const listed = (things: readonly Thing[]): string =>
  things.length > 0 ? things.map(({ id }) => id).join(", ") : "(there is none)";
