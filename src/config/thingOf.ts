import type { Thing } from "../core/Thing.js";
import { boundingShape } from "./geometry.js";
import { insideOf, partsOf } from "./hollow.js";
import type { FixedObject, SceneObject } from "./SceneConfig.js";

const ROUND: readonly string[] = ["cylinder", "sphere", "cup"];

/** A scene's object, or what stands there fixed, as a thing: its convex parts and the room inside it. */
export function thingOf(o: SceneObject | FixedObject): Thing {
  const inside = insideOf(o);
  return {
    id: o.id,
    kind: o.kind,
    parts: partsOf(o).map(boundingShape),
    ...(ROUND.includes(o.kind) && { round: true }),
    ...(inside !== undefined && { inside: { kind: "box", ...inside } }),
    mass: "mass" in o ? o.mass : Infinity,
    friction: "friction" in o ? o.friction : 1,
  };
}
