import { UnknownObjectError } from "./BindError.js";
import type { KnotView } from "./KnotView.js";

/**
 * Entry c of an object's position at an instant, m: predicted if a model predicts it, else believed.
 * @throws UnknownObjectError
 */
export function positionOf(x: KnotView, id: string, c: number): number {
  const { predicted } = x;
  const i = predicted === undefined ? -1 : predicted.ids.indexOf(id);
  if (i >= 0) return predicted!.positions[predicted!.ip + 3 * i + c];
  const belief = x.from.objects.get(id);
  if (belief === undefined) throw new UnknownObjectError(id, [...x.from.objects.keys()]);
  return belief.position[c];
}
