import { CapabilityError, UnknownObjectError } from "./BindError.js";
import type { BindContext } from "./Plugin.js";

/**
 * Checks a goal for an object: the object must be known, and a world model must predict how it moves.
 * @throws UnknownObjectError, CapabilityError
 */
export function requirePredicted(id: string, { objects, predicted }: BindContext, path: readonly PropertyKey[]): void {
  if (!objects.includes(id)) throw new UnknownObjectError(id, objects, path);
  if (!predicted.includes(id))
    throw new CapabilityError(
      predicted.length === 0
        ? "no world model of this agent predicts how objects move"
        : `got '${id}', want an object whose motion the world model predicts: ${predicted.join(", ")}`,
    );
}
