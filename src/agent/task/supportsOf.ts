import { placedShape } from "../../core/geometry/placedShape.js";
import type { Shape } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { State } from "../../core/State.js";

/** All that a thing can stand on, in the base frame: fixed geometry, and the other things where they are believed. */
export function supportsOf(fixed: readonly Shape[], { objects, things, held }: State): Shape[] {
  const supports = [...fixed];
  for (const { id, parts } of things?.values() ?? []) {
    const belief = objects.get(id);
    if (belief === undefined || id === held?.id) continue;
    const pose = transformFromQuat(new Float64Array(12), 0, belief.orientation, belief.position);
    for (const part of parts) if (part.kind !== "halfSpace") supports.push(placedShape(part, pose));
  }
  return supports;
}
