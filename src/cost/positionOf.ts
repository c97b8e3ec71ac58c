import { UnknownObjectError } from "./BindError.js";
import type { Instant } from "./Instant.js";

/**
 * Entry c of an object's position at an instant, m: as foreseen where a model foresees it, else as believed.
 * @throws UnknownObjectError
 */
export function positionOf(x: Instant, id: string, c: number): number {
  const { foreseen } = x;
  const i = foreseen === undefined ? -1 : foreseen.ids.indexOf(id);
  if (i >= 0) return foreseen!.positions[foreseen!.ip + 3 * i + c];
  const belief = x.from.objects.get(id);
  if (belief === undefined) throw new UnknownObjectError(id, [...x.from.objects.keys()]);
  return belief.position[c];
}
