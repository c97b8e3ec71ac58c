import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";
import { bounds } from "./bounds.js";
import { readHeader, type Header } from "./Header.js";
import { readPose } from "./Pose.js";
import { reader, readLength, readString } from "./sequences.js";

/** geometry_msgs/TransformStamped: takes points of the child frame to the header's. */
export interface TransformStamped {
  readonly header: Header;
  readonly childFrameId: string;
  readonly position: Vec3; // m
  readonly orientation: Quat; // x, y, z, w
}

/** tf2_msgs/TFMessage. @throws RangeError if the bytes are none */
export function decodeTransforms(bytes: Uint8Array): TransformStamped[] {
  const r = reader(bytes);
  return Array.from({ length: readLength(r, 72, bounds.transforms) }, () => ({
    header: readHeader(r),
    childFrameId: readString(r),
    ...readPose(r),
  }));
}
