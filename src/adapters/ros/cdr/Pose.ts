import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";

/** geometry_msgs/Pose. */
export interface PoseMessage {
  readonly position: Vec3; // m
  readonly orientation: Quat; // x, y, z, w
}

export function writePose(w: CdrWriter, p: PoseMessage): void {
  for (const x of p.position) w.float64(x);
  for (const x of p.orientation) w.float64(x);
}

/** @throws RangeError if the bytes end too early */
export function readPose(r: CdrReader): PoseMessage {
  return {
    position: [r.float64(), r.float64(), r.float64()],
    orientation: [r.float64(), r.float64(), r.float64(), r.float64()],
  };
}
