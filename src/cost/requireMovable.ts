import { CapabilityError, UnknownObjectError } from "./BindError.js";
import type { BindContext } from "./Plugin.js";

/**
 * Checks a goal for a thing that the hand is to move: it must be known, and not fixed.
 * @throws UnknownObjectError, CapabilityError
 */
export function requireMovable(id: string, context: BindContext, path: readonly PropertyKey[]): void {
  if (!context.hand) throw new CapabilityError("no level of this agent plans what a hand does", path);
  const movable = movableIds(context);
  if (movable.includes(id)) return;
  if (context.fixedThings?.some((thing) => thing.id === id))
    throw new CapabilityError(`got '${id}', which is fixed, want a thing that can be moved: ${said(movable)}`, path);
  throw new UnknownObjectError(id, movable, path);
}

/** Ids of all things that are known and not fixed. */
export const movableIds = ({ objects, things = [], fixedThings = [] }: BindContext): readonly string[] => {
  const fixed = new Set(fixedThings.map(({ id }) => id));
  return [...new Set([...objects, ...things.map(({ id }) => id)])].filter((id) => !fixed.has(id));
};

const said = (ids: readonly string[]): string => (ids.length > 0 ? ids.join(", ") : "(none is known yet)");
