import type { Held } from "../../core/Held.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import { boundingBoxOf } from "../../kinematics/shapes/boundingBoxOf.js";
import { unloaded, type Load } from "./TorqueLimit.js";

/** A thing in the hand as a load: up to its greatest mass, at the middle of the box about its parts. */
export function heldLoad({ parts, pose, mass }: Held, reserve = unloaded.reserve): Load {
  const x = Float64Array.from(boundingBoxOf(parts).center);
  transformPoint(x, 0, pose, 0, x, 0);
  return { mass, com: [x[0], x[1], x[2]], reserve };
}
