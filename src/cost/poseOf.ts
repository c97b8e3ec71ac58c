import { transformFromQuat } from "../core/geometry/transformFromQuat.js";
import { UnknownObjectError } from "./BindError.js";
import type { KnotView } from "./KnotView.js";
import { positionOf } from "./positionOf.js";

/**
 * out[12] = rows of an object's 3×4 pose in the base frame at an instant, m: its position predicted or else believed,
 * its orientation as believed.
 * @throws UnknownObjectError
 */
export function poseOf(out: Float64Array, x: KnotView, id: string): void {
  const belief = x.from.objects.get(id);
  if (belief === undefined) throw new UnknownObjectError(id, [...x.from.objects.keys()]);
  transformFromQuat(out, 0, belief.orientation, belief.position);
  for (let c = 0; c < 3; c++) out[4 * c + 3] = positionOf(x, id, c);
}
